import { describe, expect, it } from "vitest";
import { readConfig } from "../src/config.ts";
import { fuzzTarget } from "../src/fuzz-target.ts";
import { mutateInput } from "../src/mutate-input.ts";
import { createRandom } from "../src/random.ts";
import { isSameJson } from "../src/same-json.ts";
import { type FuzzTarget, promise } from "../src/target.ts";
import { readTree, writeTree } from "../src/tree.ts";

const SEED = '{"a": [1, "x"], "b": {"c": null}}';

function target(part: Partial<FuzzTarget> = {}): FuzzTarget {
  return { name: "t", seeds: [SEED], shape: "text", guidedBy: "none", open: () => () => "refused", ...part };
}

function mutations(shape: FuzzTarget["shape"], seed: number): readonly string[] {
  const random = createRandom(seed);
  return Array.from({ length: 500 }, () => mutateInput(target({ shape }), [SEED], random));
}

describe("mutations", () => {
  it("are the same for the same seed, and others for another", () => {
    expect(mutations("text", 1)).toEqual(mutations("text", 1));
    expect(mutations("text", 1)).not.toEqual(mutations("text", 2));
  });

  it("differ from each other, and keep within bounds", () => {
    const made = mutations("text", 3);

    expect(new Set(made).size).toBeGreaterThan(400);
    expect(Math.max(...made.map((text) => text.length))).toBeLessThanOrEqual(20_000);
  });

  it("give keys twice, numbers that are none, deep nesting and what is no JSON at all", () => {
    const made = mutations("text", 4);

    expect(made.some((text) => /"(\w)".*"\1"/.test(text))).toBe(true);
    for (const part of ["1e999", "__proto__", "[[[[[[", "\ud800"])
      expect(made.some((text) => text.includes(part))).toBe(true);
    expect(made.some((text) => readTree(text) === null)).toBe(true);
  });

  it("write a tree as it was read", () => {
    expect(writeTree(readTree(SEED)!)).toBe(SEED);
  });
});

describe("a run", () => {
  it("tells of a broken promise once, with an input that is as short as can be", async () => {
    const open = () => (text: string) => {
      promise(!text.includes("x"), "no x is there", text.length);
      return "accepted" as const;
    };

    const report = await fuzzTarget(target({ open }), { cases: 50, seed: 1, guided: false });

    expect(report.failures).toEqual([{ number: 1, input: "x", problem: expect.stringContaining("no x is there") }]);
  });

  it("mutates further what reaches new branches", async () => {
    const open = () => (text: string) => (readTree(text) === null ? "refused" : "accepted");

    const report = await fuzzTarget(target({ open, guidedBy: "tree" }), { cases: 500, seed: 1, guided: true });

    expect(report.branches).toBeGreaterThan(0);
    expect(report.corpus).toBeGreaterThan(1);
  });
});

describe("the number of cases", () => {
  it.each([
    [{}, [], 2000],
    [{ WINDLASS_FUZZ_CASES: "5" }, [], 5],
    [{ WINDLASS_FUZZ_CASES: "5" }, ["--cases", "7"], 7],
  ])("comes from %j and %j", (env, args, cases) => {
    expect(readConfig(env, args).cases).toBe(cases);
  });

  it.each(["0", "-1", "1e3", ""])("is not %j", (text) => {
    expect(() => readConfig({ WINDLASS_FUZZ_CASES: text })).toThrow(RangeError);
  });

  it("belongs to targets that there are", () => {
    expect(readConfig({}, ["--only", "mapping,ledger"]).only).toEqual(["mapping", "ledger"]);
    expect(() => readConfig({}, ["--only", "maping"])).toThrow(RangeError);
  });
});

describe("JSON that is the same", () => {
  it.each([
    [0, -0, true],
    [{ a: 1 }, { a: 1 }, true],
    [JSON.parse('{"__proto__": 1}'), {}, false],
    [Number.POSITIVE_INFINITY, null, false],
  ])("%j and %j: %s", (one, other, same) => {
    expect(isSameJson(one, other)).toBe(same);
  });
});
