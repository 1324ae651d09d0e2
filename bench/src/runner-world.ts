import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { S3Client } from "@aws-sdk/client-s3";
import { createDeployGroup } from "@windlass/asg-orchestrator";
import { CONTAINER_HOST, containersConf, missingContainers, takeTurn } from "@windlass/containers";
import { assignmentSchema, type DeploymentId } from "@windlass/deployment";
import { RUNNER_ENVIRONMENT, RUNNER_NODE_OPTIONS } from "@windlass/instance-boot";
import { createLedgerStore } from "@windlass/ledger-store";
import { createSandbox, credentialsFor, type Sandbox } from "@windlass/sandbox";
import { account, bucket, region, registryAccount } from "./world.ts";

/** A sandbox, and runners that deploy one image from it with podman. */
export interface RunnerWorld {
  readonly sandbox: Sandbox;
  readonly url: string;
  /** Scratch space. */
  readonly folder: string;
  deploy(deploying: Deploying): Promise<Deployed>;
  close(): Promise<void>;
}

export interface Deploying {
  readonly number: number;
  /** Arguments for the image's entry point, which runs instead of Terraform's own steps. */
  readonly entrypoint: readonly string[] | null;
}

export interface Deployed {
  /** From the claim to the result, as the bucket sees them. */
  readonly wallMs: number;
  readonly memory: PeakMemory;
  /** The runner's own log. */
  readonly lines: readonly RunnerLine[];
}

/** The most that the runner's process ever had, in MB. */
export interface PeakMemory {
  /** All that is resident: `VmHWM` of proc_pid_status(5). More than a third of it are pages of Node's program file. */
  readonly resident: number;
  /** What is no file's, and so can not be dropped: `RssAnon` of proc_pid_status(5), looked at every 25 ms. */
  readonly own: number;
}

export interface RunnerLine {
  readonly time: number;
  readonly msg: string;
  readonly step?: string;
  readonly seconds?: number;
}

const GROUP = "windlass-deploy";
const REPOSITORY = "bench";

export const MODULE = 'resource "terraform_data" "one" {}\nresource "terraform_data" "two" {}\n';
/** 20 MB of what Terraform tells while it waits, as fast as it goes. */
const TALK = `#!/bin/sh
/bin/busybox awk 'BEGIN {
  for (;;) printf "aws_instance.web[%d]: Still creating... [%dm%ds elapsed] id=i-%08x\\n", n++, n / 60, n % 60, rand() * 2147483647
}' | /bin/busybox head -c 20971520
`;

export async function openRunnerWorld(): Promise<RunnerWorld> {
  const missing = missingContainers();
  if (missing !== null) throw new Error(`the runner can not be measured here: ${missing}`);
  const giveUpTurn = await takeTurn();
  const folder = await mkdtemp(join(tmpdir(), "windlass-bench-"));
  const podman = podmanEnvironment(folder);
  const sandbox = createSandbox({ region });
  const { url, close } = await sandbox.listen({ host: CONTAINER_HOST });
  const digest = prepareAccounts(sandbox, folder);
  const node = installNode(folder);
  return {
    ...{ sandbox, url, folder },
    deploy: (deploying) => deploy({ sandbox, url, folder, podman, digest, node }, deploying),
    async close() {
      execFileSync("podman", ["system", "reset", "--force"], { env: { ...process.env, ...podman }, stdio: "ignore" });
      await close();
      await rm(folder, { recursive: true, force: true });
      await giveUpTurn();
    },
  };
}

function podmanEnvironment(folder: string): Readonly<Record<string, string>> {
  const [conf, storage] = [join(folder, "containers.conf"), join(folder, "storage.conf")];
  writeFileSync(conf, containersConf(join(folder, "networks")));
  const roots = `runroot = "${join(folder, "run")}"\ngraphroot = "${join(folder, "graph")}"`;
  writeFileSync(storage, `[storage]\ndriver = "overlay"\n${roots}\n`);
  return { CONTAINERS_CONF: conf, CONTAINERS_STORAGE_CONF: storage };
}

/**
 * Installs the Node of this process as the boot of an instance does: out of an archive, by tar. How the file was written decides
 * how much of it is resident, since Linux 6.18 maps a whole folio of the page cache at one fault, and a folio is as large as
 * the write or the read-ahead that made it: https://github.com/torvalds/linux/commit/357b92761d94
 */
function installNode(folder: string): string {
  const [archive, home] = [join(folder, "node.tar.gz"), join(folder, "windlass")];
  mkdirSync(home);
  execFileSync("tar", ["--directory", dirname(process.execPath), "--create", "--gzip", "--file", archive, "node"]);
  execFileSync("tar", ["--extract", "--gzip", "--no-same-owner", "--file", archive, "--directory", home, "node"]);
  rmSync(archive);
  return join(home, "node");
}

/** Gives the digest of the image that is deployed. */
function prepareAccounts(sandbox: Sandbox, folder: string): string {
  const own = sandbox.account(account);
  own.s3.createBucket(bucket, { versioning: true });
  own.ec2().timings({ bootMs: 1, terminateMs: 1 });
  own.autoScaling().timings({ reactMs: 0, healthCheckMs: 0 });
  own.autoScaling().createGroup(GROUP);
  const registry = sandbox.account(registryAccount).ecr(region);
  registry.createRepository(REPOSITORY);
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  registry.setPolicy(REPOSITORY, {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal, Action: "ecr:*" }],
  });
  return registry.pushImage({
    repository: REPOSITORY,
    layers: [imageLayer(folder)],
    config: { architecture: process.arch === "x64" ? "amd64" : process.arch },
    runtime: { WorkingDir: "/module", Env: ["PATH=/bin"], Entrypoint: ["/bin/talk"] },
  });
}

function imageLayer(folder: string): Uint8Array {
  const root = join(folder, "image");
  for (const name of ["bin", "tmp", "module"]) mkdirSync(join(root, name), { recursive: true });
  for (const name of ["busybox", programName()]) copyFileSync(whereIs(name), join(root, "bin", name));
  symlinkSync("busybox", join(root, "bin", "sh"));
  writeFileSync(join(root, "bin", "talk"), TALK, { mode: 0o755 });
  writeFileSync(join(root, "module", "main.tf"), MODULE);
  const tar = join(folder, "image.tar.gz");
  execFileSync("tar", ["--owner=0", "--group=0", "-C", root, "-czf", tar, "."]);
  return readFileSync(tar);
}

/** Terraform, or OpenTofu where this machine has that. */
export function programName(): string {
  try {
    whereIs("terraform");
    return "terraform";
  } catch {
    return "tofu";
  }
}

function whereIs(name: string): string {
  return execFileSync("which", [name], { encoding: "utf8" }).trim();
}

interface DeployPlace {
  readonly sandbox: Sandbox;
  readonly url: string;
  readonly folder: string;
  readonly podman: Readonly<Record<string, string>>;
  readonly digest: string;
  /** The program that runs the runner. */
  readonly node: string;
}

async function deploy(place: DeployPlace, { number, entrypoint }: Deploying): Promise<Deployed> {
  const { sandbox, digest } = place;
  const assignment = assignmentSchema.parse({
    ...{ schema: 1, deployment: `20261124t090000z-${number}`, epoch: number, workload: "bench", area: "scratch" },
    ...{ account, region, image: `bench-${number}`, kind: "terraform", digest, commit: null },
    ...{ registry: { account: registryAccount, region }, repository: REPOSITORY, timeoutSeconds: 600 },
    ...{ state: "managed", entrypoint, variables: {}, branch: "Develop", github: null },
    ...{ expectsState: false, confirmedDead: [], decidedAt: "2026-11-24T09:00:00.000Z" },
  });
  const client = sandbox.clientConfig({ account });
  const store = createLedgerStore({ client: new S3Client(client), bucket });
  await store.putAssignment(assignment);
  await createDeployGroup({ client: new AutoScalingClient(client), group: GROUP }).launch(assignment.deployment);
  const instance = await waitForInstance(sandbox);
  sandbox.calls.clear();
  const ended = await follow(startRunner(place, { deployment: assignment.deployment, instance }));
  const written = (name: string) =>
    sandbox.calls.entries.find(({ action, input }) => action === "PutObject" && String(input["Key"]).endsWith(name))
      ?.at;
  const [claimed, told] = [written("/claim.json"), written("/result.json")];
  const run = await store.readRun(assignment.deployment);
  const succeeded = run.kind === "run" && run.result.kind === "present" && run.result.value.outcome === "succeeded";
  if (claimed === undefined || told === undefined || !succeeded) throw new Error(`not deployed: ${ended.said}`);
  return { wallMs: told - claimed, memory: ended.memory, lines: readLines(ended.said) };
}

async function waitForInstance(sandbox: Sandbox): Promise<string> {
  for (;;) {
    const [first] = sandbox.account(account).autoScaling().group(GROUP)?.instances ?? [];
    if (first?.lifecycle === "InService") return first.id;
    await wait(10);
  }
}

function startRunner(place: DeployPlace, boot: { readonly deployment: DeploymentId; readonly instance: string }) {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = credentialsFor({ account, role: "deploy-instance" });
  const bundle = fileURLToPath(import.meta.resolve("@windlass/deploy-runner/bundle"));
  return spawn(place.node, [...RUNNER_NODE_OPTIONS, bundle], {
    env: {
      ...RUNNER_ENVIRONMENT,
      ...{ PATH: process.env["PATH"], HOME: place.folder, ...place.podman },
      ...{ AWS_ENDPOINT_URL: place.url, AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId },
      ...{ AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken },
      ...{ WINDLASS_AREA: "scratch", WINDLASS_ACCOUNT: account, WINDLASS_STATE_BUCKET: bucket },
      ...{ WINDLASS_DEPLOY_GROUP: GROUP, WINDLASS_WORK_DIRECTORY: join(place.folder, "work") },
      ...{ WINDLASS_ENGINE: "podman", WINDLASS_APPLY_ROLE: `arn:aws:iam::${account}:role/windlass-apply` },
      ...{ WINDLASS_INSTANCE: boot.instance, WINDLASS_DEPLOYMENT: boot.deployment },
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

const LOOK_MS = 25;

/** Looks at its memory until it ends: Linux keeps the peak of what is resident, but not beyond the process. */
async function follow(child: ChildProcess): Promise<{ readonly said: string; readonly memory: PeakMemory }> {
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const closed = new Promise<"closed">((resolve) => child.once("close", () => resolve("closed")));
  let memory: PeakMemory = { resident: 0, own: 0 };
  while ((await Promise.race([closed, wait(LOOK_MS)])) !== "closed") {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
    memory = {
      resident: Math.max(memory.resident, megabytes(status, "VmHWM")),
      own: Math.max(memory.own, megabytes(status, "RssAnon")),
    };
  }
  return { said, memory };
}

function megabytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0) / 1024;
}

function readLines(said: string): readonly RunnerLine[] {
  return said.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as RunnerLine] : []));
}
