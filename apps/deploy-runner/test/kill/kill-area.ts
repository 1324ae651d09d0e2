import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { CONTAINER_HOST, takeTurn } from "@windlass/containers";
import { type Deployment, emptyLedger, type Ledger, parseLedger } from "@windlass/deployment";
import { createLedgerStore } from "@windlass/ledger-store";
import { createSandbox, type Sandbox, systemClock } from "@windlass/sandbox";
import { createHandler } from "../../../deploy-lambda/src/create-handler.ts";
import { lambdaRole } from "../../../deploy-lambda/test/support/names.ts";
import { builtRunner } from "../support/built-runner.ts";
import {
  goArchitecture,
  moduleLayer,
  PIPELINE,
  podmanEnvironment,
  programLayer,
  readPolicy,
} from "../support/container-world.ts";
import { ACCOUNT, BUCKET, GROUP, REGION } from "../support/records.ts";
import { type Instances, runInstances } from "./instances.ts";
import { testModule } from "./test-module.ts";

/** The images of the area, by how their state is kept. */
export const IMAGES = { managed: "kill-managed", store: "kill-store" } as const;
export type StateMode = keyof typeof IMAGES;

/** One area with its registry, its real deploy Lambda, and instances that run the built runner with containers. */
export interface KillArea {
  readonly sandbox: Sandbox;
  readonly port: number;
  readonly instances: Instances;
  /** Runs the deploy Lambda once. */
  tick(): Promise<void>;
  /** Lets time pass for AWS and the Lambda. Only while no runner could miss it. */
  moveClock(seconds: number): void;
  /** Releases a new version of the module, whose creations pause so many seconds, and gives its digest. */
  release(mode: StateMode, pause: number): { readonly version: number; readonly digest: string };
  /** What a person asks for. */
  unblock(image: string): Promise<void>;
  ledger(): Ledger;
  /** Of the ledger or of the history. */
  deployment(id: string): Deployment | null;
  /** The one of an image that was launched last, ended or not. */
  newest(image: string): Deployment | null;
  read(key: string): string | null;
  remove(key: string): void;
  /** Forgets the image's layers, so that the next pull is a whole one. */
  forgetImages(): void;
  /** What is left in the engine's store of containers. */
  containers(): readonly string[];
  /** Containers of other worlds on this machine wait meanwhile. Resolves with the way to give the turn up. */
  takeTurn(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const AREA = "staging";
const MOST_REMOVALS = 5;
const SCOPE = { workload: "dataGov", area: AREA, account: ACCOUNT };

export async function openKillArea(seed: number): Promise<KillArea> {
  const runner = await builtRunner();
  execFileSync("ip", ["address", "replace", `${CONTAINER_HOST}/32`, "dev", "lo"]);
  const folder = mkdtempSync(join(tmpdir(), "windlass-kill-"));
  const podmanVariables = await podmanEnvironment(folder);
  const system = systemClock();
  let offset = 0;
  const clock = { now: () => system.now() + offset, schedule: system.schedule };
  const sandbox = createSandbox({ clock, region: REGION, seed });
  const { url, close } = await sandbox.listen({ host: CONTAINER_HOST });
  const account = openAccounts(sandbox);
  const handler = createHandler({
    env: {
      WINDLASS_AREA: AREA,
      WINDLASS_MAPPING: JSON.stringify(mapping()),
      WINDLASS_STATE_BUCKET: BUCKET,
      WINDLASS_DEPLOY_GROUP: GROUP,
    },
    now: () => new Date(clock.now()),
    clients: { ...clientsOf(sandbox), maxAttempts: 3 },
    fetch: sandbox.fetch,
    logTo: { write: () => {} },
  });
  const store = createLedgerStore({
    client: new S3Client(sandbox.clientConfig({ account: ACCOUNT, role: "operator" })),
    bucket: BUCKET,
  });
  const registry = sandbox.account(PIPELINE).ecr(REGION);
  const launched = new Map<string, string>();
  let version = 0;
  let controls = 0;

  function podman(...args: readonly string[]): string {
    const env = { ...process.env, ...podmanVariables };
    return execFileSync("podman", [...args], { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  function listContainers(): readonly string[] {
    const file = join(folder, "graph", "overlay-containers", "containers.json");
    if (!existsSync(file)) return [];
    const listed = JSON.parse(readFileSync(file, "utf8")) as readonly { readonly names: readonly string[] }[];
    return listed.flatMap(({ names }) => names);
  }

  /**
   * The engine finds out by trying that nothing of a container runs any more, and takes it for an error at first. By name,
   * since one that was being made is known to its storage only.
   */
  function removeContainers(): void {
    for (let tries = 0; tries < MOST_REMOVALS; tries += 1) {
      const names = listContainers();
      if (names.length === 0) return;
      try {
        podman("rm", "--force", "--ignore", "--time", "0", ...names);
      } catch {}
    }
  }

  const containers = { list: listContainers, remove: removeContainers };
  const instances = runInstances({ sandbox, url, folder, runner, environment: podmanVariables, containers });
  const read = (key: string) => account.s3.read(BUCKET, key)?.text ?? null;

  function ledger(): Ledger {
    const text = read("ledger.json");
    return text === null ? emptyLedger(SCOPE, new Date(clock.now())) : parseLedger(text, SCOPE);
  }

  function find(id: string): Deployment | null {
    const known = ledger().deployments[id];
    if (known !== undefined) return known;
    const text = read(`history/${id.slice(0, 4)}/${id.slice(4, 6)}/${id}.json`);
    return text === null ? null : (JSON.parse(text) as HistoryFile).deployment;
  }

  return {
    sandbox,
    port: Number(new URL(url).port),
    instances,
    async tick() {
      const summary = await handler();
      for (const { image, id } of summary.launched) launched.set(image, id);
    },
    moveClock(seconds) {
      offset += seconds * 1000;
    },
    release(mode, pause) {
      version += 1;
      const digest = registry.pushImage({
        repository: IMAGES[mode],
        tags: [AREA],
        layers: [programLayer(), moduleLayer(testModule(version, pause))],
        config: { architecture: goArchitecture() },
        runtime: { WorkingDir: "/module", Env: ["PATH=/bin"] },
      });
      return { version, digest };
    },
    async unblock(image) {
      controls += 1;
      const at = new Date(clock.now()).toISOString();
      const common = { schema: 1, id: `unblock-${controls}`, by: "kim", reason: "looked at it", at } as const;
      await store.putControl({ ...common, kind: "unblock", image } as Parameters<typeof store.putControl>[0]);
    },
    ledger,
    deployment: find,
    newest: (image) => find(launched.get(image) ?? ""),
    read,
    remove: (key) => account.s3.remove(BUCKET, key),
    forgetImages: () => void podman("rmi", "--all", "--force"),
    containers: listContainers,
    takeTurn,
    async close() {
      instances.close();
      podman("rm", "--all", "--force", "--time", "0");
      podman("rmi", "--all", "--force");
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface HistoryFile {
  readonly deployment: Deployment;
}

function openAccounts(sandbox: Sandbox) {
  const account = sandbox.account(ACCOUNT);
  account.s3.createBucket(BUCKET, { versioning: true });
  account.ec2(REGION).timings({ bootMs: 20, terminateMs: 20, noticeLossMs: 100 });
  account.autoScaling(REGION).timings({ reactMs: 20, healthCheckMs: 100 });
  account.autoScaling(REGION).createGroup(GROUP, { min: 0, max: 1 });
  const registry = sandbox.account(PIPELINE).ecr(REGION);
  for (const repository of Object.values(IMAGES)) {
    registry.createRepository(repository);
    registry.setPolicy(repository, readPolicy());
  }
  return account;
}

function clientsOf(sandbox: Sandbox) {
  const { credentials, requestHandler } = sandbox.clientConfig({ account: ACCOUNT, role: lambdaRole });
  return { credentials, requestHandler };
}

/** Always open, so that only what the kills do decides when something starts. */
function mapping(): object {
  const window = { days: "MON-SUN", hours: "00:00-24:00" };
  return {
    version: 1,
    workload: SCOPE.workload,
    registry: { account: PIPELINE, region: REGION },
    areas: { [AREA]: { branch: "Staging", account: ACCOUNT, window } },
    images: Object.fromEntries(
      Object.entries(IMAGES).map(([state, image]) => [image, { kind: "terraform", state, timeout: "30m" }]),
    ),
  };
}
