import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { changesOf } from "../mutants/mutant.ts";
import { MUTANTS } from "../mutants/mutants.ts";
import { replaceOnce } from "./build-worker.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

describe("a mutant", () => {
  it.each(MUTANTS)("$name names texts that are in their files exactly once", (mutant) => {
    for (const { file, changes } of changesOf(mutant)) {
      const original = readFileSync(`${root}${file}`, "utf8");
      const text = changes.reduce((now, [from, to]) => replaceOnce(now, from, to, mutant.name), original);

      expect(text).not.toBe(original);
    }
  });

  it("has a name of its own", () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  });

  it("is refused where its text is not there, or twice", () => {
    expect(() => replaceOnce("a b", "c", "d", "x")).toThrow("found it 0 times");
    expect(() => replaceOnce("a a", "a", "d", "x")).toThrow("found it 2 times");
  });
});
