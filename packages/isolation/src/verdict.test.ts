import { describe, expect, it } from "vitest";
import { allOf, anyOf, negate } from "./verdict.ts";

describe("verdicts", () => {
  it.each([
    [[], "yes", "no"],
    [["yes"], "yes", "yes"],
    [["yes", "maybe"], "maybe", "yes"],
    [["maybe", "no"], "no", "maybe"],
    [["no", "yes"], "no", "yes"],
  ] as const)("of %j: all are %s, any is %s", (verdicts, all, any) => {
    expect(allOf(verdicts)).toBe(all);
    expect(anyOf(verdicts)).toBe(any);
  });

  it("turn round, but for what nobody can say", () => {
    expect((["yes", "maybe", "no"] as const).map(negate)).toEqual(["no", "maybe", "yes"]);
  });
});
