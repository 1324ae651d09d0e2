import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { CLOCK_OFFSET_VARIABLE, type MachineClock } from "./machine-clock.ts";
import { programs } from "./programs.ts";

/** `windlass board`, run as a person would run it. */
export interface BoardProcess {
  /** With the token. */
  readonly url: string;
  close(): Promise<void>;
}

export interface BoardOptions {
  /** What a person sources before `windlass`, and the PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** The board's clock goes with it, also when it is moved. */
  readonly clock: MachineClock;
}

/** Starts the board of the built command line on a free port. Throws, with what it said, where it ends instead. */
export async function startBoard({ environment, clock }: BoardOptions): Promise<BoardProcess> {
  const preload = ["--import", pathToFileURL(programs.boardClock).href];
  const child = spawn(process.execPath, [...preload, programs.cli, "board", "--no-open", "--json"], {
    env: { ...environment, [CLOCK_OFFSET_VARIABLE]: String(clock.offset()) },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const stopFollowing = clock.follow((offset) => void (child.connected && child.send(offset)));
  return {
    url: await readUrl(child),
    async close() {
      stopFollowing();
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function readUrl(child: ChildProcess): Promise<string> {
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`windlass board ended with code ${code}: ${said.trim()}`)));
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).once("line", (line) => resolve((JSON.parse(line) as { url: string }).url));
  });
}
