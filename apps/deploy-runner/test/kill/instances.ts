import { type ChildProcess, spawn } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { credentialsFor, type Sandbox } from "@windlass/sandbox";
import { APPLY_ROLE } from "../support/container-world.ts";
import { ACCOUNT, BUCKET, GROUP, INSTANCE_ROLE, REGION } from "../support/records.ts";
import { type Machine, openMachine, signal } from "./machine.ts";
import { RECORD_FILE } from "./test-module.ts";

/** What boots on the deploy group's instances. There is room for one at a time, as there is for the area's apply. */
export interface Instances {
  readonly machine: Machine;
  /** The step containers that ran a moment ago. */
  running(): readonly string[];
  /** The one that is on; null while none is. */
  on(): Instance | null;
  /** Everything that must never be seen, since the last call. */
  takeProblems(): readonly string[];
  /** All that ran are off, and nothing of them is left. */
  close(): void;
}

export interface Instance {
  readonly id: string;
  readonly deployment: string;
  readonly runner: ChildProcess;
  /** Whether nothing of it can reach AWS any more: it is dead, or cut off. */
  silent: boolean;
  /** Called once it is off. */
  readonly atEnd: (() => void)[];
  log(): string;
  /** Lines of the outside record, `<name>@<version>`; empty while there is none. */
  created(): readonly string[];
}

export interface InstancesOptions {
  readonly sandbox: Sandbox;
  readonly url: string;
  /** The world's own; a text in it marks everything that runs. */
  readonly folder: string;
  /** The bundle. */
  readonly runner: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What is left in the engine's store of containers, and the way to remove it. */
  readonly containers: { list(): readonly string[]; remove(): void };
}

/** All far below what they are in production, and in the same order. */
const TIMINGS = {
  WINDLASS_LEASE_SECONDS: "0.5",
  WINDLASS_FENCE_SECONDS: "3",
  WINDLASS_GRACE_SECONDS: "4",
  WINDLASS_URGENT_GRACE_SECONDS: "2",
  WINDLASS_KILL_SECONDS: "1",
  WINDLASS_START_UP_SECONDS: "10",
  WINDLASS_SAVING_SECONDS: "3",
  WINDLASS_RETIRE_SECONDS: "3",
  WINDLASS_LOCK_SECONDS: "1",
  WINDLASS_LOG_SECONDS: "0.2",
};

const LINK_MS = 10;
const WATCH_MS = 60;

export function runInstances(options: InstancesOptions): Instances {
  const { sandbox, folder, containers } = options;
  const machine = openMachine(folder);
  const problems: string[] = [];
  let current: Instance | null = null;
  const records = join(folder, "records");
  mkdirSync(records, { recursive: true });

  function boot(id: string, deployment: string): void {
    if (current !== null) problems.push(`instance ${id} booted beside ${current.id}`);
    const left = machine.steps();
    if (left.length > 0) problems.push(`instance ${id} booted beside ${left.join(", ")}`);
    const runner = spawn(process.execPath, [options.runner], {
      cwd: folder,
      env: environmentFor(options, id),
      stdio: ["ignore", "pipe", "pipe"],
    });
    current = follow({ id, deployment, runner, folder });
  }

  function end(id: string, byRunner: boolean): void {
    const ended = current;
    if (ended === null || ended.id !== id) return;
    const steps = machine.steps();
    if (byRunner && steps.length > 0) problems.push(`the runner left while ${steps.join(", ")} ran`);
    current = null;
    ended.silent = true;
    for (const left of machine.powerOff()) problems.push(`still there after the end of ${id}: ${left}`);
    // On a machine of its own they would be gone with it.
    for (const left of containers.list()) if (byRunner) problems.push(`the runner left the container ${left}`);
    containers.remove();
    for (const left of containers.list()) problems.push(`the container ${left} can not be removed`);
    rmSync(join(folder, "work"), { recursive: true, force: true });
    for (const call of ended.atEnd) call();
  }

  const stopListening = sandbox
    .account(ACCOUNT)
    .ec2(REGION)
    .onInstance({
      booted: ({ instanceId, tags }) => boot(instanceId, tags?.["windlass:deployment"] ?? "none"),
      terminating: ({ instanceId }) => end(instanceId, lastCaller(sandbox) === INSTANCE_ROLE),
    });
  let steps: readonly string[] = [];
  const watch = setInterval(() => {
    steps = current === null ? [] : machine.steps();
    if (steps.length > 1) problems.push(`at once: ${steps.join(", ")}`);
  }, WATCH_MS);
  return {
    machine,
    running: () => steps,
    on: () => current,
    takeProblems: () => problems.splice(0),
    close() {
      clearInterval(watch);
      stopListening();
      machine.powerOff();
      for (const call of current?.atEnd ?? []) call();
    },
  };
}

/** Who ended an instance: whoever has called EC2 Auto Scaling last. */
function lastCaller({ calls }: Sandbox): string | null {
  const changes = ["TerminateInstanceInAutoScalingGroup", "SetDesiredCapacity"];
  return calls.entries.findLast(({ action }) => changes.includes(action))?.role ?? null;
}

function environmentFor({ url, folder, environment }: InstancesOptions, id: string): Record<string, string> {
  const { accessKeyId, sessionToken = "" } = credentialsFor({ account: ACCOUNT, role: INSTANCE_ROLE, session: id });
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    AWS_ENDPOINT_URL: url,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: `${url}/_instance/${id}`,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: "a-secret-of-the-runner",
    AWS_SESSION_TOKEN: sessionToken,
    WINDLASS_AREA: "staging",
    WINDLASS_ACCOUNT: ACCOUNT,
    WINDLASS_STATE_BUCKET: BUCKET,
    WINDLASS_DEPLOY_GROUP: GROUP,
    WINDLASS_WORK_DIRECTORY: join(folder, "work"),
    WINDLASS_ENGINE: "podman",
    WINDLASS_APPLY_ROLE: APPLY_ROLE,
    ...TIMINGS,
    ...environment,
  };
}

interface Following {
  readonly id: string;
  readonly deployment: string;
  readonly runner: ChildProcess;
  readonly folder: string;
}

function follow({ id, deployment, runner, folder }: Following): Instance {
  let log = "";
  for (const stream of [runner.stdout, runner.stderr]) stream?.on("data", (bytes: Buffer) => (log += String(bytes)));
  const record = join(folder, "records", `${deployment}-${id}`);
  keepRecord(join(folder, "work", deployment, "module", RECORD_FILE), record, runner);
  return { id, deployment, runner, silent: false, atEnd: [], log: () => log, created: () => readLines(record) };
}

/**
 * A second name for the file that the module's resources write to: it survives the working directory. Terraform can not
 * have begun by then: the file is there before the first container.
 */
function keepRecord(source: string, target: string, runner: ChildProcess): void {
  const timer = setInterval(() => {
    try {
      linkSync(source, target);
      clearInterval(timer);
    } catch {
      if (runner.exitCode !== null || runner.signalCode !== null) clearInterval(timer);
    }
  }, LINK_MS);
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    return [];
  }
}

/** SIGKILL or SIGTERM for the runner's own process only. */
export function signalRunner({ runner }: Instance, name: "SIGKILL" | "SIGTERM"): void {
  if (runner.pid !== undefined) signal(runner.pid, name);
}
