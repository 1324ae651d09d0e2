import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { CLOCK_OFFSET_VARIABLE } from "./machine-clock.ts";
import { programs } from "./programs.ts";

/** The program of one deploy instance, run as a process. */
export interface RunnerProcess {
  /** As an operating system that shuts down does. */
  stop(): void;
  /** As hardware that fails does: the runner and all that it started are gone at once. */
  destroy(): void;
  readonly ended: Promise<void>;
}

export interface RunnerOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly clockOffset: number;
  /** Gets what the runner writes. */
  readonly logFile: string;
}

export function startRunner({ environment, clockOffset, logFile }: RunnerOptions): RunnerProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  const child = spawn(process.execPath, ["--import", pathToFileURL(programs.clockPreload).href, programs.runner], {
    env: { ...environment, [CLOCK_OFFSET_VARIABLE]: String(clockOffset) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const ended = once(child, "close").then(() => void log.end());
  return {
    stop: () => void child.kill("SIGTERM"),
    destroy: () => destroyTree(child),
    ended,
  };
}

/** Children first listed, then killed: a child whose parent is gone can no longer be found. */
function destroyTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  for (const pid of [...descendantsOf(child.pid), child.pid]) killNow(pid);
}

function descendantsOf(root: number): readonly number[] {
  const listed = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).stdout ?? "";
  const pairs = listed.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const found: number[] = [];
  for (let parents = [root]; parents.length > 0; ) {
    parents = pairs.flatMap(([pid, parent]) => (pid !== undefined && parents.includes(parent ?? -1) ? [pid] : []));
    found.push(...parents);
  }
  return found;
}

function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}
