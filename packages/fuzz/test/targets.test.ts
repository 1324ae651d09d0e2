import { describe, expect, it } from "vitest";
import { readConfig } from "../src/config.ts";
import { fuzzTarget } from "../src/fuzz-target.ts";
import { TARGETS } from "../src/targets/targets.ts";

const { cases, seed } = readConfig(process.env);

describe(`${cases} bad inputs`, () => {
  it.each(TARGETS)("break no promise of the reader: $name", async (target) => {
    const report = await fuzzTarget(target, { cases, seed, guided: false });

    expect(report.failures).toEqual([]);
    expect(report.accepted + report.refused + report.unread).toBe(cases);
    expect(report.accepted).toBeGreaterThan(0);
  });
});
