import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import {
  checkMapping,
  formatMapping,
  headSource,
  type MappingProblem,
  onlyArea,
  parseMapping,
  resolveAccount,
  resolveBranch,
  sliceForArea,
} from "../src/index.ts";
import { problemsIn, problemsInText } from "../src/testing/problems.ts";
import { damagedFile, validFile } from "./arbitraries.ts";

describe("every valid mapping", () => {
  it("is read again from what formatMapping writes, as a value, as JSON and as YAML", () => {
    fc.assert(
      fc.property(validFile, (file) => {
        const mapping = checkMapping(file);
        const written = formatMapping(mapping);

        expect(checkMapping(written)).toEqual(mapping);
        expect(parseMapping(JSON.stringify(written))).toEqual(mapping);
        expect(parseMapping(stringify(written, { schema: "core" }))).toEqual(mapping);
        expect(formatMapping(checkMapping(written))).toEqual(written);
      }),
      { numRuns: 60 },
    );
  });

  it("has slices that are valid mappings, and slices of themselves", () => {
    fc.assert(
      fc.property(validFile, (file) => {
        const mapping = checkMapping(file);
        for (const [name, area] of Object.entries(mapping.areas)) {
          const slice = sliceForArea(mapping, name);

          expect(checkMapping(formatMapping(slice))).toEqual(slice);
          expect(sliceForArea(slice, name)).toEqual(slice);
          expect(onlyArea(slice)).toEqual({ name, area });
          expect(slice.images).toEqual(mapping.images);
        }
      }),
    );
  });

  it("leads from each branch and each account to the same area, and from no two heads to one", () => {
    fc.assert(
      fc.property(validFile, (file) => {
        const mapping = checkMapping(file);
        const heads = new Set<string>();
        for (const [name, area] of Object.entries(mapping.areas)) {
          expect(resolveBranch(mapping, area.branch)).toEqual({ kind: "area", name, area });
          expect(resolveAccount(mapping, area.account)).toEqual({ kind: "area", name, area });
          for (const image of Object.keys(mapping.images)) heads.add(JSON.stringify(headSource(mapping, name, image)));
        }

        expect(heads.size).toBe(Object.keys(mapping.areas).length * Object.keys(mapping.images).length);
      }),
    );
  });
});

describe("every other value", () => {
  it("is read, or refused with problems: any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expectComplete(problemsIn(value));
      }),
    );
  });

  it("is read, or refused with problems: anything at all", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (value) => {
          expectComplete(problemsIn(value));
        },
      ),
    );
  });

  it("is read, or refused with problems: a valid file with one thing changed", () => {
    fc.assert(
      fc.property(damagedFile, (file) => {
        expectComplete(problemsIn(file));
      }),
      { numRuns: 200 },
    );
  });

  it("has the same problems as text, and each has its place there", () => {
    fc.assert(
      fc.property(damagedFile, fc.boolean(), (file, asYaml) => {
        const text = asYaml
          ? stringify(file, { schema: "core", aliasDuplicateObjects: false })
          : JSON.stringify(file, null, 2);
        const problems = problemsInText(text);
        const codes = (from: readonly MappingProblem[]): readonly string[] =>
          from.map(({ code, path }) => code + path).sort();

        expectPlaces(problems, text);
        // Numbers such as 1e21 are text of their own: a problem that a value can not have.
        expect(codes(problems.filter(({ code }) => code !== "variable-not-quoted"))).toEqual(
          codes(problemsIn(JSON.parse(JSON.stringify(file)))),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe("every text", () => {
  const word = fc.constantFrom(
    ..."version: 1|workload: x|registry:|areas:|images:|  a:|    kind: terraform|- |? |: |{|}|[|]|,|&a |*a |!t |!!str |'|\"|\\|>|#|%YAML 1.1|---|...|\t|\r|<<: *a|__proto__: 1|@|`|~".split(
      "|",
    ),
    "|",
    "\uFEFF",
    "\u0000",
    "\n",
    "\n",
    " ",
  );

  it.each([
    ["of any characters", fc.string({ unit: "binary", maxLength: 60 })],
    ["of pieces of YAML", fc.array(word, { maxLength: 25 }).map((words) => words.join(""))],
    ["of lines of YAML", fc.array(word, { maxLength: 25 }).map((words) => words.join("\n"))],
    ["of a valid file with a gap", fc.tuple(validFile, fc.nat(), fc.nat({ max: 30 })).map(cut)],
  ])("is read, or refused with problems that have their place in it: %s", (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        expectPlaces(problemsInText(text), text);
      }),
      { numRuns: 150 },
    );
  });
});

function cut([file, start, length]: readonly [object, number, number]): string {
  const text = stringify(file);
  const from = start % text.length;
  return text.slice(0, from) + text.slice(from + length);
}

/** Every problem says what was expected, what was found, and what to do. */
function expectComplete(problems: readonly MappingProblem[]): void {
  for (const problem of problems) {
    const { message, expected, found, hint } = problem;

    expect([message, expected, found, hint].filter((text) => text.trim() === "" || text.includes("\n"))).toEqual([]);
  }
}

/** Every problem is inside of the text, and they follow each other. */
function expectPlaces(problems: readonly MappingProblem[], text: string): void {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  let before: readonly [number, number] = [1, 1];
  expectComplete(problems);
  for (const { line, column } of problems) {
    const place = [line as number, column as number] as const;

    expect(place[0]).toBeGreaterThanOrEqual(1);
    expect(place[0]).toBeLessThanOrEqual(lines.length);
    expect(place[1]).toBeGreaterThanOrEqual(1);
    expect(place[1]).toBeLessThanOrEqual((lines[place[0] - 1] as string).length + 1);
    expect(place[0] > before[0] || (place[0] === before[0] && place[1] >= before[1])).toBe(true);
    before = place;
  }
}
