import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./workspace.mjs";

const bin = join(root, "node_modules", ".bin");

/**
 * pnpm lies apart: `pnpm turbo` puts the root's `./node_modules/.bin` first on PATH, as a relative path, and turbo, which
 * runs pnpm in each package's own folder, would not find it there.
 */
const pnpmBin = join(root, "scripts", "node_modules", ".bin");

export function pinnedNodeFolder() {
  return join(root, "node_modules", `node-${process.platform}-${process.arch}`);
}

/** Node from the lockfile where there is one for this machine, or else the one that runs this. */
export function pinnedNode() {
  const pinned = join(pinnedNodeFolder(), "bin", "node");
  return existsSync(pinned) ? pinned : process.execPath;
}

/**
 * The environment of everything that is started here: the workspace's tools come first on PATH, so that turbo finds
 * pnpm, and no tool phones home.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment() {
  const { npm_config_loglevel: _, ...inherited } = process.env;
  return {
    ...inherited,
    PATH: [bin, pnpmBin, process.env["PATH"] ?? ""].join(delimiter),
    TURBO_TELEMETRY_DISABLED: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
    DO_NOT_TRACK: "1",
  };
}

/**
 * Runs a program on this terminal. Resolves to its exit code.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export async function runHere(command, args) {
  const child = spawn(command, args, { cwd: root, env: toolEnvironment(), stdio: "inherit" });
  return forwardSignals(child, () => exitCodeOf(child));
}

/**
 * Runs a program and keeps what it says. Where it can not be started, that is its output, and its exit code is 127.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<{ readonly code: number, readonly output: string }>}
 */
export async function runQuietly(command, args) {
  const child = spawn(command, args, { cwd: root, env: toolEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
  /** @type {Buffer[]} */
  const chunks = [];
  child.stdout.on("data", (chunk) => chunks.push(chunk));
  child.stderr.on("data", (chunk) => chunks.push(chunk));
  child.on("error", (error) => chunks.push(Buffer.from(`${error.message}\n`)));
  const code = await forwardSignals(child, () => exitCodeOf(child));
  return { code, output: Buffer.concat(chunks).toString("utf8") };
}

/**
 * Hands a stop on to the child, which may have something to save, and outlives it, so that its exit code is reported.
 *
 * @template T
 * @param {import("node:child_process").ChildProcess} child
 * @param {() => Promise<T>} wait
 * @returns {Promise<T>}
 */
async function forwardSignals(child, wait) {
  // A terminal sends its interrupt to the child as well: handing it on would make it a second one.
  const interrupted = () => {
    if (![process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY)) child.kill("SIGINT");
  };
  const terminated = () => child.kill("SIGTERM");
  process.on("SIGINT", interrupted).on("SIGTERM", terminated);
  const stopWatching = onParentGone(terminated);
  try {
    return await wait();
  } finally {
    stopWatching();
    process.off("SIGINT", interrupted).off("SIGTERM", terminated);
  }
}

/**
 * npm puts a shell between itself and a script; a signal to npm ends the two and never arrives here.
 *
 * @param {() => void} stop
 * @returns {() => void} ends the watch
 */
function onParentGone(stop) {
  if (process.env["npm_lifecycle_event"] === undefined) return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) stop();
  }, 500);
  return () => clearInterval(timer);
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<number>}
 */
function exitCodeOf(child) {
  return new Promise((resolve) => {
    child.on("error", () => resolve(127));
    child.on("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
