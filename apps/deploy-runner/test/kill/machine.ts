import { readdirSync, readFileSync } from "node:fs";

/** Everything that runs on the one instance that there is at a time, whoever started it and whoever its parent is now. */
export interface Machine {
  /** Names of the step containers that run, such as `windlass-<deployment>-2-apply`. */
  steps(): readonly string[];
  /** SIGKILL for all of it at once, as when the power goes. Returns what could not be ended. */
  powerOff(): readonly string[];
}

/** `mark`: a text that the environment or the command line of the runner, the engine and its monitors has in it. */
export function openMachine(mark: string): Machine {
  return {
    steps() {
      // A monitor that has just begun is two processes.
      const names = listIds().flatMap((id) => stepOf(readText(id, "cmdline"), mark));
      return [...new Set(names)];
    },
    powerOff() {
      for (let round = 0; round < ROUNDS; round += 1) {
        const first = findMarked(mark);
        if (first.length === 0) return [];
        // Stopped first: none of them may see another one die, or start one more.
        for (const { id } of first) signal(id, "SIGSTOP");
        for (const { id } of findMarked(mark)) signal(id, "SIGKILL");
        Atomics.wait(SLEEPER, 0, 0, ROUND_MS);
      }
      return findMarked(mark).map(({ id }) => `${id} ${readText(id, "cmdline").replaceAll("\0", " ")}`);
    },
  };
}

const ROUNDS = 500;
const ROUND_MS = 10;
const SLEEPER = new Int32Array(new SharedArrayBuffer(4));

/** A container's monitor is told the container's name. */
function stepOf(command: string, mark: string): readonly string[] {
  if (!command.includes(mark)) return [];
  const [program = "", ...args] = command.split("\0");
  const name = program.endsWith("conmon") ? args[args.indexOf("-n") + 1] : undefined;
  return name === undefined ? [] : [name];
}

interface ProcessEntry {
  readonly id: number;
  readonly parent: number;
}

function findMarked(mark: string): readonly ProcessEntry[] {
  const all = listProcesses();
  const found = new Map<number, ProcessEntry>();
  for (const entry of all) {
    if (entry.id === process.pid) continue;
    if (readText(entry.id, "cmdline").includes(mark) || readText(entry.id, "environ").includes(mark)) {
      found.set(entry.id, entry);
    }
  }
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const entry of all) if (found.has(entry.parent)) found.set(entry.id, entry);
  }
  return [...found.values()];
}

/** All but those that are dead and only wait for their parent to look. */
function listProcesses(): readonly ProcessEntry[] {
  return listIds().flatMap((id) => {
    const stat = readText(id, "stat");
    // The program's name in it may have spaces and brackets.
    const [state = "Z", parent = "0"] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? [] : [{ id, parent: Number(parent) }];
  });
}

function listIds(): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Empty where the process has just ended. */
function readText(id: number, file: string): string {
  try {
    return readFileSync(`/proc/${id}/${file}`, "utf8");
  } catch {
    return "";
  }
}

export function signal(id: number, name: NodeJS.Signals): void {
  try {
    process.kill(id, name);
  } catch {
    // It has just ended.
  }
}
