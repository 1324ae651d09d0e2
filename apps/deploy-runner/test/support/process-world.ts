import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { S3Client } from "@aws-sdk/client-s3";
import { createDeployGroup } from "@windlass/asg-orchestrator";
import { type Assignment, type Lease, leaseSchema, type Result, resultSchema } from "@windlass/deployment";
import { createLedgerStore, type LedgerStore } from "@windlass/ledger-store";
import { createSandbox, credentialsFor, type Sandbox } from "@windlass/sandbox";
import { expect } from "vitest";
import { builtRunner } from "./built-runner.ts";
import { findProgram } from "./find-program.ts";
import { listNotGranted } from "./granted.ts";
import { ACCOUNT, APPLY_ROLE_NAME, anAssignment, BUCKET, GROUP, INSTANCE_ROLE, REGION } from "./records.ts";

/** The sandbox on a port, for a runner in a process of its own. */
export interface ProcessWorld {
  readonly sandbox: Sandbox;
  readonly url: string;
  /** A folder of its own, removed with the world. */
  readonly root: string;
  readonly store: LedgerStore;
  /** Replaces the module that every digest gets. */
  writeModule(text: string): Promise<void>;
  /** Launches an instance for the assignment, and starts the runner that boots on it. */
  boot(change?: Record<string, unknown>, environment?: Readonly<Record<string, string>>): Promise<Booted>;
  /** Starts the runner of the instance that somebody has launched for the assignment. */
  startRunner(assignment: Assignment, environment?: Readonly<Record<string, string>>): Promise<Booted>;
  /** Lets an instance go whose runner was killed. */
  endInstance(instance: string): Promise<void>;
  /** A file for a module to write the id of its Terraform process to, whose group is ended with the world. */
  readonly markFile: string;
  /** The id in that file, once it is there. */
  terraformId(): Promise<number | null>;
  close(): Promise<void>;
}

export interface Booted {
  readonly assignment: Assignment;
  readonly instance: string;
  readonly process: ChildProcess;
  readonly exit: Promise<number | null>;
  /** All that the runner has said on standard output, and on both streams. */
  logged(): string;
  said(): string;
  lease(): Lease | null;
  result(): Result | null;
}

const TERRAFORMS = ["terraform", "tofu"];

const SECRET = "a-secret-of-the-runner";

export interface ProcessWorldOptions {
  /** The address that the sandbox is served on; 127.0.0.1 when not given. */
  readonly host?: string;
  /** What every runner gets beside the usual. */
  readonly environment?: Readonly<Record<string, string>>;
}

export async function openProcessWorld(options: ProcessWorldOptions = {}): Promise<ProcessWorld> {
  const bundle = await builtRunner();
  const root = await mkdtemp(join(tmpdir(), "windlass-runner-"));
  await mkdir(join(root, "modules", "default"), { recursive: true });
  const sandbox = createSandbox({ region: REGION });
  const { url, close } = await sandbox.listen(options.host === undefined ? {} : { host: options.host });
  const account = sandbox.account(ACCOUNT);
  account.s3.createBucket(BUCKET, { versioning: true });
  account.ec2().timings({ bootMs: 1, terminateMs: 1 });
  account.autoScaling().timings({ reactMs: 0, healthCheckMs: 0 });
  account.autoScaling().createGroup(GROUP);
  const programs = await writePrograms(root);
  const client = sandbox.clientConfig({ account: ACCOUNT });
  const store = createLedgerStore({ client: new S3Client(client), bucket: BUCKET });
  const group = createDeployGroup({ client: new AutoScalingClient(client), group: GROUP });
  const children: ChildProcess[] = [];
  const markFile = join(root, "terraform.pid");
  const terraformId = () => readFile(markFile, "utf8").then(Number, () => null);

  async function boot(change: Record<string, unknown> = {}, environment: Readonly<Record<string, string>> = {}) {
    const assignment = anAssignment(change);
    await store.putAssignment(assignment);
    await expect.poll(() => account.autoScaling().group(GROUP)?.instances).toEqual([]);
    await group.launch(assignment.deployment);
    return await startRunner(assignment, environment);
  }

  async function startRunner(assignment: Assignment, environment: Readonly<Record<string, string>> = {}) {
    await expect.poll(() => account.autoScaling().group(GROUP)?.instances[0]?.lifecycle).toBe("InService");
    const instance = account.autoScaling().group(GROUP)?.instances[0]?.id ?? "none";
    const { accessKeyId, sessionToken = "" } = credentialsFor({ account: ACCOUNT, role: INSTANCE_ROLE });
    const child = spawn(process.execPath, [bundle], {
      cwd: root,
      env: {
        PATH: `${programs}${delimiter}${process.env["PATH"]}`,
        HOME: root,
        AWS_ENDPOINT_URL: url,
        AWS_EC2_METADATA_SERVICE_ENDPOINT: `${url}/_instance/${instance}`,
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: SECRET,
        AWS_SESSION_TOKEN: sessionToken,
        WINDLASS_AREA: "staging",
        WINDLASS_ACCOUNT: ACCOUNT,
        WINDLASS_STATE_BUCKET: BUCKET,
        WINDLASS_DEPLOY_GROUP: GROUP,
        WINDLASS_WORK_DIRECTORY: join(root, "work"),
        WINDLASS_ENGINE: "directory",
        WINDLASS_MODULES: join(root, "modules"),
        WINDLASS_ALLOW_DEFAULT_MODULE: "1",
        WINDLASS_LEASE_SECONDS: "0.5",
        WINDLASS_LOG_SECONDS: "0.2",
        ...options.environment,
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(child);
    return follow(assignment, instance, child);
  }

  function follow(assignment: Assignment, instance: string, child: ChildProcess): Booted {
    let logged = "";
    let said = "";
    child.stdout?.on("data", (bytes: Buffer) => {
      logged += String(bytes);
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (bytes: Buffer) => (said += String(bytes)));
    const read = <T>(name: string, parse: (value: unknown) => T): T | null => {
      const object = account.s3.read(BUCKET, `runs/${assignment.deployment}/${name}`);
      return object === null ? null : parse(JSON.parse(object.text));
    };
    return {
      assignment,
      instance,
      process: child,
      exit: new Promise((resolve) => child.once("close", resolve)),
      logged: () => logged,
      said: () => said,
      lease: () => read("lease.json", leaseSchema.parse),
      result: () => read("result.json", resultSchema.parse),
    };
  }

  return {
    sandbox,
    url,
    root,
    store,
    writeModule: (text) => writeFile(join(root, "modules", "default", "main.tf"), text),
    boot,
    startRunner,
    endInstance: async (instance) => void (await group.terminate(instance)),
    markFile,
    terraformId,
    async close() {
      for (const child of children) if (child.exitCode === null) child.kill("SIGKILL");
      // On a deploy instance the machine ends with the runner; here nobody else ends what a killed runner leaves.
      endGroup(await terraformId());
      await close();
      await rm(root, { recursive: true, force: true });
      expect(listNotGranted(sandbox)).toEqual([]);
    },
  };
}

/**
 * The directory engine's Terraform inherits the runner's credentials. Here it has a role of its own, as in a container: what
 * the instance's role calls is then the runner's doing. Gives the folder, for the front of the PATH.
 */
async function writePrograms(root: string): Promise<string> {
  const folder = join(root, "programs");
  const { accessKeyId } = credentialsFor({ account: ACCOUNT, role: APPLY_ROLE_NAME });
  await mkdir(folder);
  for (const name of TERRAFORMS) {
    const path = findProgram(name);
    if (path === null) continue;
    const script = `#!/bin/sh\nAWS_ACCESS_KEY_ID=${accessKeyId} exec '${path}' "$@"\n`;
    await writeFile(join(folder, name), script, { mode: 0o755 });
  }
  return folder;
}

function endGroup(id: number | null): void {
  try {
    if (id !== null) process.kill(-id, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}

/** Why there is no Terraform to test with; null where there is. */
export function missingTerraform(): string | null {
  for (const program of TERRAFORMS) {
    try {
      execFileSync(program, ["version", "-json"], {
        stdio: "ignore",
        env: { PATH: process.env["PATH"], HOME: tmpdir() },
      });
      return null;
    } catch {}
  }
  return "neither terraform nor tofu is on the PATH";
}
