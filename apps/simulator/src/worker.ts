import "./determinism/install.ts";
import { runScenario } from "./core/run-scenario.ts";
import { drawScenario, type Scenario } from "./core/scenario.ts";
import { machineNow } from "./determinism/virtual-globals.ts";
import type { Answer, Job, Said } from "./run/job.ts";

/**
 * Libraries keep some things from their first use on, and take a turn less for the second: a small run comes first, so that
 * all others find them as they are from then on.
 */
const WARM_UP: Scenario = {
  ...drawScenario(1),
  mode: "liveness",
  days: 1,
  images: ["terraform", "instance-refresh"].map((kind, index) => ({
    name: `img-${index}`,
    kind: kind as "terraform" | "instance-refresh",
    after: [],
    retries: 0,
    timeoutMinutes: 10,
    state: "store",
    entrypoint: false,
    bad: 0,
  })),
  window: { timezone: "UTC", days: "MON-SUN", hours: "00:00-24:00" },
  freezes: [],
  rates: { "runner-killed": 8, "call-fails": 2 },
  github: true,
  releases: 3,
  controls: 2,
};

let warm: Promise<unknown> | undefined;

/** One process that runs one scenario after the other, as it is asked to. */
process.on("message", (job: Job) => {
  void say(job).then((said) => process.send?.(said));
});

async function say(job: Job): Promise<Said> {
  try {
    return { kind: "answer", answer: await run(job) };
  } catch (error) {
    return { kind: "broken", why: error instanceof Error ? String(error.stack) : String(error) };
  }
}

async function run(job: Job): Promise<Answer> {
  warm ??= runScenario(WARM_UP).catch(() => null);
  await warm;
  const scenario = job.scenario ?? drawScenario(job.seed, job.size);
  const began = machineNow();
  const result = await runScenario(scenario, { whole: job.whole });
  const again = job.twice ? await runScenario(scenario) : null;
  return { scenario, result, secondHash: again?.hash ?? null, ms: machineNow() - began };
}
