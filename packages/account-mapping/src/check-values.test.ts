import { describe, expect, it } from "vitest";
import { fileWithArea, fileWithImage, problemsIn, problemsInText, summarize } from "./testing/problems.ts";

const refresh = { kind: "instance-refresh", groups: ["web-asg"] };

describe("a freeze", () => {
  it("may last one day", () => {
    expect(problemsIn(fileWithArea({ freezes: [{ from: "2026-12-20", to: "2026-12-20", reason: "x" }] }))).toEqual([]);
  });

  it("may not end before it starts, whatever else is wrong with it", () => {
    const freezes = [
      { from: "2026-12-20", to: "2027-01-05", reason: "end of year" },
      { from: "2027-01-05", to: "2026-12-20" },
    ];

    expect(problemsIn(fileWithArea({ freezes }))).toMatchObject([
      { code: "missing-key", path: "areas.scratch.freezes[1].reason" },
      {
        code: "freeze-ends-before-start",
        path: "areas.scratch.freezes[1].to",
        found: "2027-01-05 to 2026-12-20",
        hint: "swap from and to",
      },
    ]);
  });

  it("is not compared where a day is malformed", () => {
    const freezes = [{ from: "2027-01-05", to: "soon", reason: "x" }, { from: 5, to: "2026-01-01", reason: "x" }, "x"];

    expect(summarize(problemsIn(fileWithArea({ freezes })))).toEqual([
      "invalid-date at areas.scratch.freezes[0].to",
      "wrong-type at areas.scratch.freezes[1].from",
      "wrong-type at areas.scratch.freezes[2]",
    ]);
  });
});

describe("a list", () => {
  it("has each entry once", () => {
    const image = { ...refresh, after: [], groups: ["web-asg", "api-asg", "web-asg"] };

    expect(problemsIn(fileWithImage(image))).toMatchObject([
      {
        code: "repeated-entry",
        path: "images.network.groups[2]",
        found: '"web-asg", as in images.network.groups[0]',
      },
    ]);
  });
});

describe("an image's own entry point", () => {
  it.each([undefined, "image", "store"])("may run with the state %s", (state) => {
    const image = { kind: "terraform", entrypoint: ["apply-no-color", "apply-no-color"], state };

    expect(problemsIn(fileWithImage(image))).toEqual([]);
  });

  it("does not run over a managed state, whatever else is wrong with it", () => {
    const image = { kind: "terraform", entrypoint: ["apply", 5], state: "managed" };

    expect(problemsIn(fileWithImage(image))).toMatchObject([
      { code: "wrong-type", path: "images.network.entrypoint[1]", hint: 'write it in quotes: "5"' },
      {
        code: "entrypoint-with-managed-state",
        path: "images.network.state",
        found: '"managed"',
        hint: expect.stringContaining("use store or image"),
      },
    ]);
  });

  it.each([
    ["apply", "wrong-type at images.network.entrypoint"],
    [null, "wrong-type at images.network.entrypoint"],
    [[], "too-few-entries at images.network.entrypoint"],
    [[""], "invalid-argument at images.network.entrypoint[0]"],
    [["a\0"], "invalid-argument at images.network.entrypoint[0]"],
    [Array(21).fill("a"), "too-many-entries at images.network.entrypoint"],
  ])("has 1 to 20 arguments: not %j", (entrypoint, problem) => {
    const image = { kind: "terraform", entrypoint };

    expect(summarize(problemsIn(fileWithImage(image)))).toEqual([problem]);
  });
});

describe("preferences of an instance refresh", () => {
  it.each([
    [{}, []],
    [{ minHealthyPercentage: 90 }, []],
    [{ minHealthyPercentage: 90, maxHealthyPercentage: 190 }, []],
    [{ minHealthyPercentage: 90, maxHealthyPercentage: 191 }, ["191, 101 above 90"]],
    [{ maxHealthyPercentage: 110 }, ["110 alone"]],
    [{ minHealthyPercentage: "x", maxHealthyPercentage: 110 }, ['"x"']],
    [{ minHealthyPercentage: 90, maxHealthyPercentage: "x" }, ['"x"']],
  ])("fit together, or else are told: %j", (preferences, found) => {
    const problems = problemsIn(fileWithImage({ ...refresh, preferences }));

    expect(problems.map((problem) => problem.found)).toEqual(found);
  });
});

describe("a variable without quotes", () => {
  function textWith(value: string): string {
    return `version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
areas: { scratch: { branch: Develop, account: "222222222222" } }
images:
  network:
    kind: terraform
    variables: { size: ${value} }
`;
  }

  it.each(["1", "-5", "1.5", "true", "abc", '"1.0"', "012x"])("may be %s", (value) => {
    expect(problemsInText(textWith(value))).toEqual([]);
  });

  it.each([
    ["1.10", "1.1"],
    ["012345678901", "12345678901"],
    ["0x1F", "31"],
    ["12345678901234567890", "12345678901234567000"],
  ])("may not be %s, which Terraform would get as %s", (value, arrives) => {
    expect(problemsInText(textWith(value))).toMatchObject([
      {
        code: "variable-not-quoted",
        path: "images.network.variables.size",
        line: 8,
        column: 24,
        found: `${value}, which would arrive as ${arrives}`,
        hint: `write "${value}", or ${arrives}`,
      },
    ]);
  });

  it.each([".nan", ".inf"])("may not be %s, which is no JSON", (value) => {
    expect(summarize(problemsInText(textWith(value)))).toEqual(["wrong-type at images.network.variables.size"]);
  });
});
