import "./determinism/install.ts";
import { runScenario } from "./core/run-scenario.ts";
import { drawScenario } from "./core/scenario.ts";
import { machineNow } from "./determinism/virtual-globals.ts";
import type { Answer, Job } from "./run/job.ts";

/** One process that runs one scenario after the other, as it is asked to. */
process.on("message", (job: Job) => {
  void run(job).then((answer) => process.send?.(answer));
});

async function run(job: Job): Promise<Answer> {
  const scenario = job.scenario ?? drawScenario(job.seed, job.size);
  const began = machineNow();
  const result = await runScenario(scenario, { whole: job.whole });
  const again = job.twice ? await runScenario(scenario) : null;
  return { scenario, result, secondHash: again?.hash ?? null, ms: machineNow() - began };
}
