import { expect, it } from "vitest";
import { MUTANTS } from "../src/mutants/mutants.ts";
import { runSimulator } from "./run-simulator.ts";

it("finds out every mutant", async () => {
  const { code, lines } = await runSimulator(["--mutants"]);

  expect(lines.filter((line) => line.includes("SURVIVED"))).toEqual([]);
  expect(lines.at(-1)).toMatch(new RegExp(`^${MUTANTS.length} mutants; ${MUTANTS.length} killed`));
  expect(code).toBe(0);
});
