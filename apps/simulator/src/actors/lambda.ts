// The handler of the app itself, so that what is simulated is what is deployed: see docs/decisions.
import { createHandler, type Handler } from "../../../deploy-lambda/src/create-handler.ts";
import { createProcess, type SimProcess } from "../core/process.ts";
import { quickClient } from "../core/quick-client.ts";
import { sliceOf } from "../core/scenario.ts";
import type { Sim } from "../core/sim.ts";
import {
  ACCOUNT,
  AREA,
  BUCKET,
  CONFIG_BUCKET,
  DEPLOY_GROUP,
  LAMBDA_ROLE,
  ORGANIZATION,
  REGION,
  REGISTRY_ACCOUNT,
  SECRET,
  topicArn,
} from "../world/names.ts";

/** One process of the function, as AWS Lambda keeps it between invocations. */
interface Sandboxed {
  readonly process: SimProcess;
  readonly handler: Handler;
  busy: boolean;
}

/** The function of the area: however many of its processes there are. */
export interface Lambda {
  /** One event arrives. Settles when the tick is over, one way or another. */
  invoke(): Promise<TickEnd>;
  /** Whether a tick is under way. */
  readonly busy: () => boolean;
}

export type TickEnd = "done" | "lost" | "failed" | "died";

const TIMEOUT_MS = 120_000;
const MOST_INLINE = 3_000;

export function createLambda(sim: Sim): Lambda {
  const kept: Sandboxed[] = [];
  /** Clocks are right again once the faults have ended. */
  let healed = false;
  const env = environmentOf(sim);
  let made = 0;

  function take(): Sandboxed {
    if (sim.chaos.ended() && !healed) {
      healed = true;
      kept.splice(0);
    }
    const free = kept.find(({ busy, process }) => !busy && !process.dead());
    if (free !== undefined) return free;
    made += 1;
    const fresh = open(sim, made, env);
    kept.push(fresh);
    if (kept.length > 8) kept.splice(0, kept.length, ...kept.filter(({ process }) => !process.dead()));
    return fresh;
  }

  return {
    busy: () => kept.some(({ busy, process }) => busy && !process.dead()),
    invoke: () => runTickIn(sim, take()),
  };
}

function runTickIn(sim: Sim, one: Sandboxed): Promise<TickEnd> {
  const { scheduler } = sim;
  const began = scheduler.now();
  one.busy = true;
  sim.stats.ticks += 1;
  return new Promise((resolve) => {
    let over = false;
    function end(how: TickEnd): void {
      if (over) return;
      over = true;
      const ms = scheduler.now() - began;
      sim.checks.expect("L8", ms <= TIMEOUT_MS, () => `a tick of ${one.process.name} took ${ms} ms`);
      one.busy = false;
      cancelTimeout();
      if (how === "failed") sim.stats.failedTicks += 1;
      resolve(how);
    }
    const cancelTimeout = scheduler.schedule(TIMEOUT_MS, () => {
      // The product ends its work in time; what is still under way is cut off.
      sim.checks.expect("L8", false, () => `a tick of ${one.process.name} took longer than ${TIMEOUT_MS / 1000} s`);
      one.process.kill("the function's timeout");
    });
    one.process.onDeath(() => end("died"));
    const context = { getRemainingTimeInMillis: () => began + TIMEOUT_MS - scheduler.now() };
    one.handler({}, context).then(
      (summary) => {
        sim.tell(`${one.process.name} ticked${summary.lost ? ": lost" : ""}${describe(summary)}`);
        end(summary.lost ? "lost" : "done");
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        sim.tell(`${one.process.name} failed: ${message.slice(0, 300)}`);
        // Where S3 reports no conflicts, a lost race is none.
        const conflict = message.includes("conflicting writes") && (sim.scenario.rates["s3-conflict"] ?? 0) === 0;
        sim.checks.expect("S4", !conflict, () => `${one.process.name} takes a lost race for a conflict: ${message}`);
        end("failed");
      },
    );
  });
}

type Summary = Awaited<ReturnType<Handler>>;

function describe({ launched, finished, notes, waiting }: Summary): string {
  const parts = [
    ...launched.map(({ id, image }) => `launched ${id} of ${image}`),
    ...finished.map(({ id, image, outcome }) => `${id} of ${image} ${outcome}`),
    ...notes.map(({ code }) => code),
    ...waiting.slice(0, 5).map(({ image, reason }) => `${image} ${reason}`),
  ];
  return parts.length === 0 ? "" : ` (${parts.join("; ")})`;
}

function open(sim: Sim, number: number, env: Readonly<Record<string, string>>): Sandboxed {
  const process = createProcess(`function ${number}`, "lambda", sim.tell);
  const skewMs = sim.chaos.draws("clock-skew") ? sim.random.int(-300_000, 300_000) : 0;
  sim.tell(`${process.name} begins`);
  if (skewMs !== 0) sim.chaos.struck("clock-skew", `${process.name}'s clock is off by ${Math.round(skewMs / 1000)} s`);
  const { credentials } = sim.sandbox.clientConfig({
    account: ACCOUNT,
    role: LAMBDA_ROLE,
    session: `f${number}`,
  });
  const clients = {
    credentials,
    ...quickClient(credentials),
    requestHandler: sim.transport.handlerFor(process),
  };
  const handler = createHandler({
    env,
    now: () => new Date(sim.scheduler.now() + skewMs),
    clients,
    fetch: sim.transport.fetchFor(process),
    logTo: { write: () => {} },
  });
  return { process, handler, busy: false };
}

function environmentOf(sim: Sim): Readonly<Record<string, string>> {
  const { scenario, own } = sim;
  const names = {
    area: AREA,
    account: ACCOUNT,
    registry: REGISTRY_ACCOUNT,
    region: REGION,
    organization: ORGANIZATION,
  };
  const mapping = JSON.stringify(sliceOf(scenario, names));
  if (mapping.length > MOST_INLINE) own.s3.write(CONFIG_BUCKET, "slice.json", mapping);
  return {
    WINDLASS_AREA: AREA,
    WINDLASS_MAPPING: mapping.length > MOST_INLINE ? `s3://${CONFIG_BUCKET}/slice.json` : mapping,
    WINDLASS_STATE_BUCKET: BUCKET,
    WINDLASS_DEPLOY_GROUP: DEPLOY_GROUP,
    AWS_REGION: REGION,
    LOG_LEVEL: "silent",
    WINDLASS_TOPIC_START: topicArn("start"),
    WINDLASS_TOPIC_FINISHED: topicArn("finished"),
    WINDLASS_TOPIC_ERROR: topicArn("error"),
    ...(scenario.github ? { WINDLASS_GITHUB_SECRET: SECRET } : {}),
  };
}
