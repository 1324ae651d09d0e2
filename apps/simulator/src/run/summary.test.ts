import { describe, expect, it } from "vitest";
import type { RunResult } from "../core/run-scenario.ts";
import { drawScenario } from "../core/scenario.ts";
import type { Answer } from "./job.ts";
import { createSummary, failuresOf } from "./summary.ts";

const stats = {
  calls: 1,
  deployments: 0,
  refreshes: 0,
  ticks: 7,
  idleTicks: 0,
  failedTicks: 3,
  runners: 0,
  applies: 0,
};

function answer(result: Partial<RunResult> = {}, secondHash: string | null = null): Answer {
  const common = { seed: 4, mode: "safety", hash: "aa", violation: null, simulatedMs: 1, steps: 9, stats } as const;
  return {
    scenario: drawScenario(4),
    secondHash,
    ms: 1,
    result: { ...common, fired: {}, checked: {}, story: [], ...result },
  };
}

describe("what is wrong with a run", () => {
  it("is a second run that was another", () => {
    expect(failuresOf(answer({}, "bb"))).toEqual(["S19: two runs of seed 4 differ: aa, bb"]);
    expect(failuresOf(answer({}, "aa"))).toEqual([]);
  });

  it("is an invariant that did not hold", () => {
    const violation = { invariant: "S1", message: "two at once", at: "2027-01-01T00:00:00.000Z", step: 7 } as const;

    expect(failuresOf(answer({ violation }))).toEqual(["S1 at 2027-01-01T00:00:00.000Z, step 7: two at once"]);
  });
});

describe("the summary of many runs", () => {
  it("names what never struck and what was never checked, and the rarest of all faults", () => {
    const summary = createSummary();
    summary.add(answer({ fired: { "disk-full": 2 }, checked: { S1: 5, L8: 1 } }, "aa"));

    expect(summary.unfired()).not.toContain("disk-full");
    expect(summary.unfired()).toContain("host-lost");
    expect(summary.unchecked()).toContain("S7");
    expect(summary.unchecked()).not.toContain("L8");
    expect(summary.unchecked()).not.toContain("S19");
    expect(summary.line(1)).toContain("2 faults of 1 kinds, the rarest 0 times (tick-twice)");
  });

  it("tells of ticks that failed", () => {
    const summary = createSummary();
    summary.add(answer());

    expect(summary.line(1)).toContain("7 ticks (3 failed, 0 idle ones skipped)");
  });

  it("counts a seed that could not be run to its end as a failure", () => {
    const summary = createSummary();
    summary.lose(9, "its worker ended with 1");

    expect(summary.failed()).toEqual(["seed 9: its worker ended with 1"]);
    expect(summary.line(1)).toMatch(/^1 seeds; .*; 1 violations; /);
  });
});
