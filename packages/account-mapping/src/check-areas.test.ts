import { describe, expect, it } from "vitest";
import { areaWith, fileWith, problemsIn, summarize } from "./testing/problems.ts";

describe("branches and accounts", () => {
  it("that are used twice are told with both places", () => {
    const areas = { a: areaWith(), b: areaWith({ account: "333333333333" }), c: areaWith({ branch: "Other" }) };

    expect(problemsIn(fileWith({ areas }))).toMatchObject([
      { code: "branch-used-twice", path: "areas.b.branch", found: '"Develop", as in areas.a.branch' },
      { code: "account-used-twice", path: "areas.c.account", found: '"222222222222", as in areas.a.account' },
    ]);
  });

  it("may differ in letters' case alone, as branches may in Git", () => {
    const areas = { a: areaWith(), b: areaWith({ account: "333333333333", branch: "develop" }) };

    expect(problemsIn(fileWith({ areas }))).toEqual([]);
  });
});

describe("the registry's account", () => {
  it.each([
    ["no area's", "222222222222", undefined, []],
    ["no area's, and the area says so", "222222222222", false, []],
    ["the pipeline's own area's", "111111111111", true, []],
    ["an area's", "111111111111", undefined, ["area-in-registry-account at areas.scratch.account"]],
    ["an area's that denies it", "111111111111", false, ["area-in-registry-account at areas.scratch.account"]],
    ["not a pipeline area's", "222222222222", true, ["pipeline-in-other-account at areas.scratch.pipeline"]],
    ["not to be compared with a malformed one", "1", true, ["invalid-account-id at areas.scratch.account"]],
  ])("is %s", (_, account, pipeline, problems) => {
    const area = areaWith(pipeline === undefined ? { account } : { account, pipeline });

    expect(summarize(problemsIn(fileWith({ areas: { scratch: area } })))).toEqual(problems);
  });

  it("is not compared with where it is malformed itself", () => {
    const file = fileWith({
      registry: { account: "1", region: "eu-west-1" },
      areas: { a: areaWith({ pipeline: true }) },
    });

    expect(summarize(problemsIn(file))).toEqual(["invalid-account-id at registry.account"]);
  });
});
