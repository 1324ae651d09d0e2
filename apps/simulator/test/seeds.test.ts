import { describe, expect, it } from "vitest";
import { runSimulator } from "./run-simulator.ts";

describe("the simulated area", () => {
  it("keeps every invariant in 60 seeds", async () => {
    const { code, lines } = await runSimulator(["--seeds", "60"]);

    expect(lines.at(-1)).toMatch(/^60 seeds; .*; 6 seeds run twice; 0 violations; /);
    expect(code).toBe(0);
  });

  it("keeps every invariant in the scenarios that once failed", async () => {
    const { code, lines } = await runSimulator(["--regressions"]);

    expect(lines.at(-1)).toMatch(/^[1-9]\d* regressions; 0 violations$/);
    expect(code).toBe(0);
  });
});
