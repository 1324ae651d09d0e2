import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { createDeployGroup } from "@windlass/asg-orchestrator";
import {
  createStop,
  type RunnerClock,
  type RunnerPorts,
  type RunSettings,
  type RunTimings,
  runDeployment,
  type Stop,
} from "@windlass/deploy-runner";
import type { DeploymentId } from "@windlass/deployment";
import { createLedgerStore, createStoreState } from "@windlass/ledger-store";
import { createProcess, type SimProcess } from "../core/process.ts";
import { quickClient } from "../core/quick-client.ts";
import type { Sim } from "../core/sim.ts";
import { ACCOUNT, AREA, BUCKET, CANARIES, DEPLOY_GROUP, REGION, RUNNER_ROLE } from "../world/names.ts";
import { createScriptedTerraform } from "./terraform-engine.ts";

/** The defaults of the runner's own configuration. */
const TIMINGS: RunTimings = {
  lease: 20,
  fence: 180,
  grace: 300,
  urgentGrace: 75,
  kill: 15,
  startUp: 300,
  saving: 600,
  retire: 120,
  lock: 60,
  log: 5,
};

export interface RunningRunner {
  readonly process: SimProcess;
  readonly stop: Stop;
}

/** Begins the runner on an instance, with its real protocol, adapters and clients. */
export function startRunner(sim: Sim, instance: string, deployment: string): RunningRunner {
  const process = createProcess(`runner ${instance.slice(-6)}`, "runner", sim.tell);
  const skewMs = sim.chaos.draws("clock-skew") ? drawSkew(sim) : 0;
  if (skewMs !== 0) sim.chaos.struck("clock-skew", `${process.name}'s clock is off by ${Math.round(skewMs / 1000)} s`);
  const clock = runnerClock(sim, process, skewMs);
  const nonce = `nonce-${sim.random.hex(12)}`;
  const stop = createStop();
  const settings: RunSettings = {
    deployment: deployment as DeploymentId,
    instance,
    nonce,
    area: AREA,
    account: ACCOUNT,
    region: REGION,
    stateBucket: BUCKET,
    endpointUrl: null,
    secrets: CANARIES,
    timings: TIMINGS,
    stop,
  };
  const engine = createScriptedTerraform({ sim, process, clock, instance, nonce });
  const ports = openPorts(sim, { process, clock, engine });
  // Whatever ends the runner alone, its unit's stop hook takes the machine down; now and then the machine hangs instead.
  process.onDeath(() => {
    if (sim.random.chance(0.7)) powerOff(sim, process, instance);
    else sim.tell(`the machine of ${process.name} stays on`);
  });
  sim.stats.runners += 1;
  sim.tell(`${process.name} starts for ${deployment}`);
  sim.scheduler.schedule(0, () => {
    void runDeployment(ports, settings).then((end) => {
      if (process.dead()) return;
      sim.tell(
        `${process.name} ends: ${end.kind}${end.kind === "deployed" ? ` ${end.result.outcome}` : ""}${end.retired ? "" : ", not retired"}`,
      );
      powerOff(sim, process, instance);
    });
  });
  return { process, stop };
}

/** As far as it may be, every other time. */
function drawSkew({ random }: Sim): number {
  return random.chance(0.5) ? random.pick([-300_000, 300_000]) : random.int(-300_000, 300_000);
}

/** The unit's end takes the machine down, however the runner ended. */
function powerOff(sim: Sim, process: SimProcess, instance: string): void {
  sim.scheduler.schedule(5_000, () => {
    process.kill("its machine powers off");
    const state = sim.own
      .ec2(REGION)
      .instances()
      .find((one) => one.instanceId === instance)?.state;
    if (state === "running") sim.own.ec2(REGION).shutDownFromInside(instance);
  });
}

function runnerClock(sim: Sim, process: SimProcess, skewMs: number): RunnerClock {
  const { scheduler } = sim;
  return {
    now: () => scheduler.now() + skewMs,
    monotonic: () => scheduler.now(),
    schedule(delayMs, fn) {
      let cancelled = false;
      let cancel = scheduler.schedule(delayMs, fire);
      function fire(): void {
        if (cancelled || process.dead()) return;
        const pause = process.pausedUntil - scheduler.now();
        if (pause > 0) cancel = scheduler.schedule(pause, fire);
        else fn();
      }
      return () => {
        cancelled = true;
        cancel();
      };
    },
  };
}

type Place = { readonly process: SimProcess } & Pick<RunnerPorts, "clock" | "engine">;

function openPorts(sim: Sim, { process, clock, engine }: Place): RunnerPorts {
  const requestHandler = sim.transport.handlerFor(process);
  const identity = sim.sandbox.clientConfig({
    account: ACCOUNT,
    role: RUNNER_ROLE,
    session: process.name.replace(" ", "-"),
  });
  const client = { ...identity, ...quickClient(identity.credentials), requestHandler };
  const tools = {
    delay: (ms: number) => new Promise<void>((resolve) => void clock.schedule(ms, resolve)),
    random: () => sim.random.next(),
    newMark: () => sim.random.hex(16),
  };
  const storage = { client: new S3Client(client), bucket: BUCKET, ...tools };
  const sts = new STSClient(client);
  return {
    store: createLedgerStore(storage),
    openState: () => createStoreState(storage),
    group: createDeployGroup({ client: new AutoScalingClient(client), group: DEPLOY_GROUP }),
    identity: { account: async () => (await sts.send(new GetCallerIdentityCommand({}))).Account ?? "nobody" },
    engine,
    clock,
    log: {
      info() {},
      warn() {},
      error: (fields, message) => sim.tell(`${process.name}: ${message} ${JSON.stringify(fields).slice(0, 200)}`),
    },
  };
}
