import { describe, expect, it } from "vitest";
import { runSimulator } from "./run-simulator.ts";

describe("the simulated area", () => {
  it("keeps every invariant in 500 seeds, in which every fault strikes", async () => {
    const { code, lines } = await runSimulator(["--seeds", "500"]);

    expect(lines.at(-1)).toMatch(/^500 seeds; .*; 50 seeds run twice; 0 violations; /);
    expect(code).toBe(0);
  });

  it("keeps every invariant in the scenarios that once failed", async () => {
    const { code, lines } = await runSimulator(["--regressions"]);

    expect(lines.at(-1)).toMatch(/^[1-9]\d* regressions; 0 violations$/);
    expect(code).toBe(0);
  });
});
