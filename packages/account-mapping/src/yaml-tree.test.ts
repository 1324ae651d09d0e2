import { describe, expect, it } from "vitest";
import { parseMapping } from "./index.ts";
import { problemsInText, summarize } from "./testing/problems.ts";

const valid = `version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
areas:
  scratch: { branch: Develop, account: "222222222222" }
images:
  network: { kind: terraform }
`;

function withImages(images: string): string {
  return valid.replace("  network: { kind: terraform }\n", images);
}

describe("keys of a text", () => {
  it("that are given twice are told with both lines, and with all else that is wrong", () => {
    const problems = problemsInText(withImages("  network: { kind: terraform }\n  network: { kind: x }\n  web: {}\n"));

    expect(problems).toMatchObject([
      { code: "duplicate-key", line: 8, column: 3, found: '"network", first on line 7' },
      { code: "missing-key", path: "images.web.kind", line: 9, column: 3 },
    ]);
  });

  it("that are numbers or other words are taken as written", () => {
    const text = withImages(
      "  0123: { kind: terraform }\n  true: { kind: terraform }\n  &k null: { kind: terraform }\n",
    );

    expect(Object.keys(parseMapping(text).images)).toEqual(["0123", "true", "null"]);
  });

  it("that are lists or objects are told", () => {
    expect(
      problemsInText(withImages("  network: { kind: terraform }\n  ? [a]\n  : 1\n  ? { b: 1 }\n  : 2\n")),
    ).toMatchObject([
      { code: "invalid-key", line: 8, column: 5, found: "a list" },
      { code: "invalid-key", line: 10, column: 5, found: "an object" },
    ]);
  });

  it("that are empty are told, like every other bad name", () => {
    expect(summarize(problemsInText(withImages("  : { kind: terraform }\n")))).toEqual(['invalid-name at images[""]']);
    expect(summarize(problemsInText(withImages("  { network }\n")))).toEqual(["wrong-type at images.network"]);
  });

  it("that would vanish from an object are told", () => {
    expect(problemsInText(`${valid}__proto__: { x: 1 }\n`)).toMatchObject([
      { code: "unknown-key", path: "__proto__", line: 8, column: 1 },
    ]);
  });
});
