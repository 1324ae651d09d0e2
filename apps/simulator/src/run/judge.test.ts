import { expect, it } from "vitest";
import { judge } from "./judge.ts";

const run = (seeds: number, gaps: { failed?: string[]; unfired?: string[]; unchecked?: string[] } = {}) => ({
  seeds: () => seeds,
  failed: () => gaps.failed ?? [],
  unfired: () => gaps.unfired ?? [],
  unchecked: () => gaps.unchecked ?? [],
});

it("holds where nothing is violated, every fault struck and every invariant was checked", () => {
  expect(judge(run(500), null)).toEqual({ held: true, gaps: [] });
});

it("does not hold where something is violated, however few seeds there are", () => {
  expect(judge(run(1, { failed: ["S1: two at once"] }), null).held).toBe(false);
});

it.each([
  [{ unfired: ["disk-full"] }, "never fired: disk-full"],
  [{ unchecked: ["S7", "L8"] }, "never checked: S7, L8"],
])("does not hold in 200 seeds with %j", (gap, line) => {
  expect(judge(run(200, gap), null)).toEqual({ held: false, gaps: [line] });
});

it("forgives a gap to a few seeds, and not to a soak of half an hour", () => {
  const gap = { unchecked: ["S7"] };

  expect(judge(run(199, gap), null).held).toBe(true);
  expect(judge(run(20, gap), 1_799).held).toBe(true);
  expect(judge(run(20, gap), 1_800).held).toBe(false);
});
