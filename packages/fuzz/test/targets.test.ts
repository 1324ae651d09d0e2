import { afterAll, describe, expect, it } from "vitest";
import { readConfig } from "../src/config.ts";
import { fuzzTarget } from "../src/fuzz-target.ts";
import { findIdleness } from "../src/idleness.ts";
import { TARGETS } from "../src/targets/targets.ts";
import { watchForHangs } from "../src/watch-for-hangs.ts";

const { cases, seed } = readConfig(process.env);
const watch = await watchForHangs({ targets: TARGETS.map(({ name }) => name), seed });

afterAll(() => watch.close());

describe(`${cases} bad inputs`, () => {
  it.each(TARGETS)("break no promise of the reader: $name", async (target) => {
    const onCase = (number: number) => watch.began(target.name, number);

    const report = await fuzzTarget(target, { cases, seed, guided: false, onCase });
    watch.ended();

    expect(report.failures).toEqual([]);
    expect(report.accepted + report.refused + report.unread).toBe(cases);
    expect(findIdleness(report)).toBeNull();
  });
});
