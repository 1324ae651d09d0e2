import { type ChildProcess, execFile, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export interface RunningEmulate {
  readonly kind: "running";
  /** For the title of a suite. */
  readonly title: string;
  readonly url: string;
  /** The App's, as the notifier's secret has it. */
  readonly secret: string;
  /** Reads what the App itself need not be able to read. */
  readonly adminToken: string;
  stop(): Promise<void>;
}

export interface UnavailableEmulate {
  readonly kind: "unavailable";
  /** For the title of a suite that is skipped: says why. */
  readonly title: string;
  stop(): Promise<void>;
}

export type Emulate = RunningEmulate | UnavailableEmulate;

const TITLE = "an independent emulator of GitHub";
const NEEDED_MAJOR = 24;
const PATIENCE_MS = 8_000;
const POLL_MS = 25;
const APP_ID = 12_345;
const ADMIN = "admin";
const PROGRAM = fileURLToPath(new URL("../node_modules/emulate/dist/index.js", import.meta.url));
const PINNED_NODE = fileURLToPath(new URL("../../../node_modules/.bin/node", import.meta.url));

/**
 * Starts https://github.com/vercel-labs/emulate with the App installed at each owner, who has a repository of that name.
 * In a process of its own, since it needs a newer Node than Windlass does. Never throws: where there is none that works,
 * the title says why.
 */
export async function startEmulate(owners: readonly string[], repository: string): Promise<Emulate> {
  const node = await findNode();
  if (node === null) return unavailable(`it needs Node ${NEEDED_MAJOR}, this is ${process.versions.node}`);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const folder = await mkdtemp(join(tmpdir(), "windlass-emulate-"));
  const seed = join(folder, "seed.json");
  await writeFile(seed, JSON.stringify(seedOf(owners, repository, pem)), { mode: 0o600 });
  const port = await findFreePort();
  const child = spawn(node, [PROGRAM, "start", "--service", "github", "--port", String(port), "--seed", seed], {
    cwd: folder,
    stdio: "ignore",
  });
  const stop = async () => {
    await stopChild(child);
    await rm(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  if (!(await isUp(child, url))) {
    await stop();
    return unavailable("it does not start");
  }
  const secret = JSON.stringify({ appId: String(APP_ID), privateKey: pem });
  return { kind: "running", title: TITLE, url, secret, adminToken: ADMIN, stop };
}

/** The program itself, not the shell script in `.bin`: a signal to that would leave the program running. */
async function findNode(): Promise<string | null> {
  if (Number(process.versions.node.split(".")[0]) >= NEEDED_MAJOR) return process.execPath;
  const script = "process.stdout.write(JSON.stringify([process.execPath, parseInt(process.versions.node)]))";
  try {
    const { stdout } = await promisify(execFile)(PINNED_NODE, ["-e", script]);
    const [path, major] = JSON.parse(stdout) as [string, number];
    return major >= NEEDED_MAJOR ? path : null;
  } catch {
    // Not in every installation.
    return null;
  }
}

function seedOf(owners: readonly string[], repository: string, privateKey: string) {
  const permissions = { checks: "write", issues: "write", deployments: "write", metadata: "read" };
  return {
    tokens: { [ADMIN]: { login: ADMIN, scopes: ["repo"] } },
    github: {
      users: [{ login: ADMIN }],
      orgs: owners.map((login) => ({ login })),
      // `auto_init` makes the one commit.
      repos: owners.map((owner) => ({ owner, name: repository, auto_init: true })),
      apps: [
        {
          app_id: APP_ID,
          slug: "windlass",
          name: "Windlass",
          private_key: privateKey,
          permissions,
          installations: owners.map((account, index) => ({ installation_id: 100 + index, account, permissions })),
        },
      ],
    },
  };
}

/** The emulator takes no port 0. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function isUp(child: ChildProcess, url: string): Promise<boolean> {
  let failed = false;
  child.on("error", () => {
    failed = true;
  });
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline && !failed && child.exitCode === null) {
    const isThere = await fetch(`${url}/rate_limit`).then(
      (response) => response.ok,
      () => false,
    );
    if (isThere) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

function unavailable(why: string): UnavailableEmulate {
  return { kind: "unavailable", title: `${TITLE} (skipped: ${why})`, stop: async () => {} };
}
