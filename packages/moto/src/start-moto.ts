import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { forgetCredentials } from "./client-config.ts";

export interface RunningMoto {
  readonly kind: "running";
  /** For the title of a suite. */
  readonly title: string;
  readonly url: string;
  /** Empties all services of all accounts. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export interface UnavailableMoto {
  readonly kind: "unavailable";
  /** For the title of a suite that is skipped: says why. */
  readonly title: string;
  readonly why: string;
  /** Does nothing, so that a suite can stop whatever it got. */
  stop(): Promise<void>;
}

export type Moto = RunningMoto | UnavailableMoto;

export interface StartOptions {
  /** Looked up on the PATH. */
  readonly command?: string;
  /** Milliseconds until a server that does not answer counts as unavailable. */
  readonly patienceMs?: number;
}

const SUPERVISOR = fileURLToPath(new URL("./supervise.mjs", import.meta.url));
const POLL_MS = 50;

/**
 * Starts a moto server of one's own on a free port of 127.0.0.1. Never throws: where there is none that works, the
 * answer says why, and one line on standard error does too.
 *
 * @example
 * ```ts
 * const moto = await startMoto();
 * afterAll(() => moto.stop());
 * describe.skipIf(moto.kind === "unavailable")(moto.title, () => { ... });
 * ```
 */
export async function startMoto(options: StartOptions = {}): Promise<Moto> {
  const { command = "moto_server", patienceMs = 45_000 } = options;
  // Port 0: the system picks a free one, and moto prints it.
  const child = spawn(process.execPath, [SUPERVISOR, command, "-H", "127.0.0.1", "-p", "0"], {
    stdio: ["pipe", "pipe", "pipe"],
    // Without it boto3 in the server asks the machine's metadata for credentials, where an answer may never end.
    // biome-ignore lint/style/noProcessEnv: what is on the PATH may need whatever else this process was given
    env: { ...process.env, AWS_EC2_METADATA_DISABLED: "true" },
  });
  const url = await findUrl(child, command, patienceMs);
  if (url.kind === "none") {
    await stopChild(child);
    return unavailable(url.why);
  }
  return {
    kind: "running",
    title: "moto",
    url: url.url,
    reset: () => resetMoto(url.url),
    stop: () => stopChild(child),
  };
}

type FoundUrl = { readonly kind: "url"; readonly url: string } | { readonly kind: "none"; readonly why: string };

/** A shim of a version manager may be on the PATH with nothing behind it: only a server that answers counts. */
async function findUrl(child: ChildProcess, command: string, patienceMs: number): Promise<FoundUrl> {
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const url = /Running on (http:\/\/\S+)/.exec(output)?.[1];
    if (url !== undefined && (await answers(url))) return { kind: "url", url };
    if (child.exitCode !== null) return { kind: "none", why: explainExit(command, output) };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return { kind: "none", why: `${command} did not answer within ${Math.round(patienceMs / 1000)} s` };
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/moto-api/data.json`).then(
    (response) => response.ok,
    () => false,
  );
}

function explainExit(command: string, output: string): string {
  if (output.includes("ENOENT")) return `there is no ${command} on the PATH`;
  const lastLine = output.trim().split("\n").at(-1) ?? "";
  return `${command} does not start: ${lastLine.slice(0, 200)}`;
}

function unavailable(why: string): UnavailableMoto {
  process.stderr.write(`moto: skipped, because ${why}\n`);
  return { kind: "unavailable", title: `moto (skipped: ${why})`, why, stop: async () => {} };
}

async function resetMoto(url: string): Promise<void> {
  const response = await fetch(`${url}/moto-api/reset`, { method: "POST" });
  if (!response.ok) throw new Error(`moto answered ${response.status} to a reset`);
  forgetCredentials();
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.stdin?.end();
  await exited;
}
