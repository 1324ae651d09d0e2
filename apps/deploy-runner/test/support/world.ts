import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { createDeployGroup, type DeployGroup } from "@windlass/asg-orchestrator";
import type { Assignment, Lease, Result } from "@windlass/deployment";
import { leaseSchema, resultSchema } from "@windlass/deployment";
import { createLedgerStore, createStoreState, type LedgerStore } from "@windlass/ledger-store";
import { createSandbox, type Sandbox, type VirtualClock, virtualClock } from "@windlass/sandbox";
import { expectGranted } from "../../../deploy-lambda/test/support/expect-granted.ts";
import type { RunnerLog, RunnerPorts, RunSettings } from "../../src/ports.ts";
import { type RunEnd, runDeployment } from "../../src/run-deployment.ts";
import { type RunnerClock, sleep } from "../../src/runner-clock.ts";
import { createStop, type Stop } from "../../src/stop.ts";
import { ACCOUNT, anAssignment, BUCKET, DEPLOYMENT, GROUP, INSTANCE_ROLE, REGION, someSettings } from "./records.ts";
import { type Script, type ScriptedEngine, scriptEngine } from "./scripted-engine.ts";

/** One area's account, its deploy instance just launched, and a runner that has not begun yet. */
export interface World {
  readonly sandbox: Sandbox;
  readonly clock: VirtualClock;
  readonly store: LedgerStore;
  readonly group: DeployGroup;
  readonly instance: string;
  /** The runner's wall clock is so many milliseconds off. */
  skewMs: number;
  /** Begins a runner. */
  run(options?: RunOptions): RunningRunner;
  /** Lets time pass. */
  pass(seconds: number): Promise<void>;
  /** Lets time pass until the runner is at its end. */
  end(runner: RunningRunner): Promise<RunEnd>;
  lease(): Lease | null;
  result(): Result | null;
  /** Instances that count, by id. */
  members(): readonly string[];
  desired(): number | undefined;
}

export interface RunOptions {
  readonly script?: Script;
  readonly settings?: Partial<RunSettings>;
  readonly ports?: Partial<RunnerPorts>;
}

export interface RunningRunner {
  readonly engine: ScriptedEngine;
  readonly stop: Stop;
  readonly logged: readonly string[];
  readonly end: Promise<RunEnd>;
}

export async function openWorld(assignment: Assignment | null = anAssignment()): Promise<World> {
  const clock = virtualClock(Date.UTC(2026, 10, 24, 9));
  const sandbox = createSandbox({ clock, region: REGION });
  expectGranted(sandbox, INSTANCE_ROLE, "windlass-instance");
  const account = sandbox.account(ACCOUNT);
  account.s3.createBucket(BUCKET, { versioning: true });
  account.autoScaling().createGroup(GROUP);
  const client = { ...sandbox.clientConfig({ account: ACCOUNT, role: INSTANCE_ROLE }), maxAttempts: 1 };
  const delay = (ms: number) => sleep(runnerClock(), ms);
  const store = createLedgerStore({ client: new S3Client(client), bucket: BUCKET, delay, random: () => 0.5 });
  const group = createDeployGroup({ client: new AutoScalingClient(client), group: GROUP });
  const sts = new STSClient(client);
  if (assignment !== null) await store.putAssignment(assignment);
  // The deploy Lambda does this, with a role of its own.
  const launcher = new AutoScalingClient({ ...sandbox.clientConfig({ account: ACCOUNT }), maxAttempts: 1 });
  await createDeployGroup({ client: launcher, group: GROUP }).launch(anAssignment().deployment);
  await clock.advance(60_000);
  const [instance = "none"] = listMembers(sandbox);
  sandbox.calls.clear();

  function runnerClock(): RunnerClock {
    return {
      now: () => clock.now() + world.skewMs,
      monotonic: () => clock.now(),
      schedule: (ms, fn) => clock.schedule(ms, () => fn()),
    };
  }

  const world: World = {
    sandbox,
    clock,
    store,
    group,
    instance,
    skewMs: 0,
    run(options = {}) {
      const engine = scriptEngine(runnerClock(), options.script);
      const stop = createStop();
      const logged: string[] = [];
      const identity = {
        account: async () => (await sts.send(new GetCallerIdentityCommand({}))).Account ?? "nobody",
      };
      const storage = { client: new S3Client(client), bucket: BUCKET, delay, random: () => 0.5 };
      const openState = () => createStoreState(storage);
      const told = { clock: runnerClock(), log: logTo(logged) };
      const ports = { store, openState, group, identity, engine, ...told, ...options.ports };
      return { engine, stop, logged, end: runDeployment(ports, someSettings({ instance, stop, ...options.settings })) };
    },
    pass: (seconds) => clock.advance(seconds * 1000),
    async end(runner) {
      let over = false;
      const end = runner.end.finally(() => {
        over = true;
      });
      for (let seconds = 0; !over && seconds < 7200; seconds += 1) await clock.advance(1000);
      if (!over) throw new Error("the runner has not come to an end within two hours");
      return await end;
    },
    lease: () => readRecord("lease.json", leaseSchema.parse),
    result: () => readRecord("result.json", resultSchema.parse),
    members: () => listMembers(sandbox),
    desired: () => account.autoScaling().group(GROUP)?.desired,
  };

  function readRecord<T>(name: string, parse: (value: unknown) => T): T | null {
    const object = account.s3.read(BUCKET, `runs/${DEPLOYMENT}/${name}`);
    return object === null ? null : parse(JSON.parse(object.text));
  }
  return world;
}

function listMembers(sandbox: Sandbox): readonly string[] {
  const instances = sandbox.account(ACCOUNT).autoScaling().group(GROUP)?.instances ?? [];
  return instances.filter(({ lifecycle }) => lifecycle !== "Terminating").map(({ id }) => id);
}

function logTo(logged: string[]): RunnerLog {
  const write = (level: string) => (fields: object, message: string) =>
    void logged.push(`${level} ${message} ${JSON.stringify(fields)}`);
  return { info: write("info"), warn: write("warn"), error: write("error") };
}
