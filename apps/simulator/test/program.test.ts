import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runSimulator } from "./run-simulator.ts";

/** Without an image there is nothing that a person could ask for: what is to ask throws. */
function scenarioWithoutImages(): string {
  const kept = new URL("../regressions/late-tag.json", import.meta.url);
  const { scenario } = JSON.parse(readFileSync(kept, "utf8")) as { readonly scenario: object };
  const file = join(mkdtempSync(join(tmpdir(), "windlass-scenario-")), "scenario.json");
  writeFileSync(file, JSON.stringify({ ...scenario, images: [], releases: 0, controls: 3 }));
  return file;
}

it("ends with 1 where an invariant does not hold, and says which", async () => {
  const { code, lines } = await runSimulator(["--seed", "1", "--mutant", "phase-too-late"]);

  expect(lines.join("\n")).toMatch(/^S8 at .* applies while its lease says/m);
  expect(code).toBe(1);
});

it("ends with 0 where nothing is violated, and both runs were the same", async () => {
  const { code, lines } = await runSimulator(["--seed", "1"]);

  expect(lines).toContain("nothing is violated");
  expect(code).toBe(0);
});

it("tells what one entry of the queue throws as a violation of that run", async () => {
  const { code, lines } = await runSimulator(["--scenario", scenarioWithoutImages()]);

  expect(lines.join("\n")).toMatch(/^X1 at .* nobody handled: .*nothing to pick from/m);
  expect(code).toBe(1);
});

it("prints nothing but the scenario where it looks for a smaller one", async () => {
  const args = ["--seed", "1", "--mutant", "phase-too-late", "--minimize", "--jobs", "1"];
  const { code, stdout } = await runSimulator(args);

  expect(JSON.parse(stdout)).toMatchObject({ violated: { invariant: "S8" }, scenario: { seed: 1 } });
  expect(code).toBe(1);
});
