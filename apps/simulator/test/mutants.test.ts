import { expect, it } from "vitest";
import { MUTANTS } from "../src/mutants/mutants.ts";
import { runSimulator } from "./run-simulator.ts";

it("finds out every mutant, each by the seed that is known to or by one of forty others", async () => {
  const { code, lines } = await runSimulator(["--mutants", "--known", "--seeds", "41"]);

  expect(lines.filter((line) => /SURVIVED|UNPROVEN/.test(line))).toEqual([]);
  expect(lines.at(-1)).toMatch(new RegExp(`^${MUTANTS.length} mutants; ${MUTANTS.length} killed`));
  expect(code).toBe(0);
});

it("says which mutants there are where one is asked for that is none", async () => {
  const { code, lines } = await runSimulator(["--mutants", "no-such-flaw"]);

  expect(lines.join("\n")).toContain("expected names of mutants, found no-such-flaw; there are live-at-launch, ");
  expect(code).toBe(1);
});
