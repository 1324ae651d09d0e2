import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { MUTANTS } from "../mutants/mutants.ts";
import { replaceOnce } from "./build-worker.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

describe("a mutant", () => {
  it.each(MUTANTS)("$name names texts that are in its file exactly once", ({ name, file, changes }) => {
    let text = readFileSync(`${root}${file}`, "utf8");
    for (const [from, to] of changes) text = replaceOnce(text, from, to, name);

    expect(text).not.toBe(readFileSync(`${root}${file}`, "utf8"));
  });

  it("has a name of its own", () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  });

  it("is refused where its text is not there, or twice", () => {
    expect(() => replaceOnce("a b", "c", "d", "x")).toThrow("found it 0 times");
    expect(() => replaceOnce("a a", "a", "d", "x")).toThrow("found it 2 times");
  });
});
