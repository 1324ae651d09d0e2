import { expect, it } from "vitest";
import { runSimulator } from "./run-simulator.ts";

/** Those that few seeds find out. All of them are for `npm run sim -- --mutants`, every night. */
const QUICK = [
  ...["live-at-launch", "ignore-digest", "utc-windows", "forget-controls"],
  ...["no-block", "phase-too-late", "exit-code-ignored", "deliver-by-own-clock"],
];

it("finds out mutants within few seeds", async () => {
  const { code, lines } = await runSimulator(["--mutants", "--seeds", "12", ...QUICK]);

  expect(lines.filter((line) => line.includes("SURVIVED"))).toEqual([]);
  expect(lines.at(-1)).toMatch(new RegExp(`^${QUICK.length} mutants; ${QUICK.length} killed`));
  expect(code).toBe(0);
});
