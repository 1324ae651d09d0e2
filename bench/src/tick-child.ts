/** Measures one kind of tick with one number of images, in this process alone. Prints a `Measurement` as JSON. */

import { loadLambda, type Tick } from "./lambda.ts";
import { type Measured, measureRun, printMeasurement } from "./measure.ts";
import { lookSequentially, recordKey } from "./sequential.ts";
import { slowTransport } from "./slow-transport.ts";
import type { TickCase } from "./tick-case.ts";
import { account, bucket, createSteadyWorld, functionEnvironment, imageNames, releaseAll } from "./world.ts";

const tickCase = JSON.parse(process.argv[2] ?? "") as TickCase;
const sandbox = createSteadyWorld(tickCase);
const { credentials, requestHandler } = sandbox.clientConfig({ account, role: "windlass-deploy", session: "bench" });
const clients = { credentials, requestHandler: slowTransport(requestHandler, tickCase.latencyMs) };

printMeasurement(await measure());

async function measure(): Promise<Measured> {
  if (tickCase.kind === "sequential") return measureSequential();
  const { createHandler } = await loadLambda();
  const tick = createHandler({ env: functionEnvironment(), clients, fetch: sandbox.fetch });
  const cold = await measureRun(sandbox, tick);
  return tickCase.kind === "steady" ? measureSteady(tick, cold) : measureBusy(tick, cold);
}

async function measureSteady(tick: Tick, cold: Measured): Promise<Measured> {
  const runs: Measured[] = [];
  for (let run = 0; run < tickCase.runs; run += 1) runs.push(await measureRun(sandbox, tick));
  const [first = cold] = runs;
  return { ...first, coldMs: cold.wallMs[0] ?? null, wallMs: runs.flatMap(({ wallMs }) => wallMs) };
}

/** Everything has moved at once: as busy as a tick can be. */
async function measureBusy(tick: Tick, cold: Measured): Promise<Measured> {
  releaseAll(sandbox, tickCase);
  return { ...(await measureRun(sandbox, tick)), coldMs: cold.wallMs[0] ?? null };
}

async function measureSequential(): Promise<Measured> {
  const images = imageNames(tickCase.images);
  for (const image of images) {
    const digest = sandbox.account("111111111111").ecr().digestOf(image, "scratch") ?? "";
    sandbox.account(account).s3.write(bucket, recordKey(image), digest);
  }
  return measureRun(sandbox, async () => {
    const changed = await lookSequentially(images, clients);
    if (changed > 0) throw new Error(`expected no image to have changed, found ${changed}`);
  });
}
