import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { judge } from "../src/judge.ts";
import { TARGETS } from "../src/targets/targets.ts";

const folder = new URL("../regressions/", import.meta.url);
const files = readdirSync(folder).map((name) => {
  const {
    target,
    flaw,
    input,
    verdict = "refused",
  } = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Record<string, string>;
  return { name, target, flaw, input, verdict };
});

describe("an input that once broke a promise", () => {
  it.each(files)("is $verdict: $name, $flaw", async ({ target: name, input, verdict }) => {
    const target = TARGETS.find((one) => one.name === name);

    expect(await judge(target!.open(), input!)).toEqual({ kind: "verdict", verdict });
  });
});
