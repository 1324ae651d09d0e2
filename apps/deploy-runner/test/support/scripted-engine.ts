import { parseImageDigest } from "@windlass/deployment";
import type { Engine, RunningStep, Step, StepCommand, StepExit } from "../../src/engine.ts";
import { type RunnerClock, sleep } from "../../src/runner-clock.ts";
import type { RunnerError } from "../../src/runner-error.ts";
import { DIGEST } from "./records.ts";

/** What a scripted step can do and see. */
export interface Terminal {
  /** The module's files, by their path in it. */
  readonly files: Map<string, string>;
  out(text: string): void;
  err(text: string): void;
  sleep(seconds: number): Promise<void>;
  /** Settles with the interrupt of that number, from 1 on. */
  interrupt(number: number): Promise<void>;
}

export type StepScript = (terminal: Terminal) => Promise<StepExit> | StepExit;

export interface Script {
  readonly steps?: Partial<Record<Step, StepScript>>;
  /** What the engine measures. */
  readonly digest?: string;
  /** What prepare throws. */
  readonly problem?: RunnerError;
  readonly prepareSeconds?: number;
  /** False: there are more files in the module than are looked at. */
  readonly searchable?: boolean;
}

/** An engine that plays Terraform, and remembers what was asked of it. */
export interface ScriptedEngine extends Engine {
  readonly started: readonly StepCommand[];
  readonly files: Map<string, string>;
  /** `interrupt`, `kill` and `dispose`, in order. */
  readonly events: readonly string[];
}

export const exited = (code: number): StepExit => ({ kind: "exited", code });

/** The JSON of a plan that creates so many resources. */
export function planOf(creates: number): string {
  const resource_changes = Array.from({ length: creates }, () => ({ change: { actions: ["create"] } }));
  return JSON.stringify({ resource_changes, applyable: creates > 0 });
}

const STEPS: Readonly<Record<Step, StepScript>> = {
  async init(terminal) {
    await terminal.sleep(2);
    terminal.out("Terraform has been successfully initialized!\n");
    return exited(0);
  },
  async plan(terminal) {
    await terminal.sleep(3);
    terminal.out("Plan: 2 to add, 0 to change, 0 to destroy.\n");
    return exited(0);
  },
  show(terminal) {
    terminal.out(planOf(2));
    return exited(0);
  },
  async apply(terminal) {
    for (const name of ["a", "b"]) {
      await terminal.sleep(30);
      terminal.out(`terraform_data.${name}: Creation complete after 30s [id=${name}]\n`);
    }
    terminal.out("Apply complete! Resources: 2 added, 0 changed, 0 destroyed.\n");
    return exited(0);
  },
  unlock(terminal) {
    terminal.out("Terraform state has been successfully unlocked!\n");
    return exited(0);
  },
  async entrypoint(terminal) {
    await terminal.sleep(60);
    terminal.out("Apply complete! Resources: 2 added, 0 changed, 0 destroyed.\n");
    return exited(0);
  },
};

export function scriptEngine(clock: RunnerClock, script: Script = {}): ScriptedEngine {
  const started: StepCommand[] = [];
  const files = new Map<string, string>();
  const events: string[] = [];

  function start(command: StepCommand): RunningStep {
    started.push(command);
    const interrupts = countdowns();
    let endKilled: (exit: StepExit) => void = () => {};
    const killed = new Promise<StepExit>((resolve) => {
      endKilled = resolve;
    });
    const send = (stream: "stdout" | "stderr") => (text: string) => command.onOutput(stream, Buffer.from(text));
    const terminal: Terminal = {
      files,
      out: send("stdout"),
      err: send("stderr"),
      sleep: (seconds) => sleep(clock, seconds * 1000),
      interrupt: interrupts.reached,
    };
    const play = script.steps?.[command.step] ?? STEPS[command.step];
    return {
      exit: Promise.race([Promise.resolve().then(() => play(terminal)), killed]),
      interrupt() {
        events.push(`interrupt ${command.step}`);
        interrupts.count();
      },
      kill() {
        events.push(`kill ${command.step}`);
        endKilled({ kind: "killed", signal: "SIGKILL", outOfMemory: false });
      },
    };
  }

  return {
    started,
    files,
    events,
    async prepare(_assignment, signal) {
      await sleep(clock, (script.prepareSeconds ?? 1) * 1000, signal);
      if (signal.aborted) throw new Error("the pull was aborted");
      if (script.problem !== undefined) throw script.problem;
      return {
        digest: parseImageDigest(script.digest ?? DIGEST),
        writeFile: async (name, content) => void files.set(name, Buffer.from(content).toString()),
        async readFile(name) {
          const text = files.get(name);
          return text === undefined ? null : Buffer.from(text);
        },
        listFiles: async (folder) =>
          [...files.keys()]
            .filter((name) => name.startsWith(`${folder}/`))
            .map((name) => name.slice(folder.length + 1)),
        findFiles: async (isWanted) => ({
          files: [...files.keys()].filter((name) => isWanted(name.slice(name.lastIndexOf("/") + 1))),
          complete: script.searchable !== false,
        }),
        async clearFolder(folder) {
          for (const name of [...files.keys()]) if (name.startsWith(`${folder}/`)) files.delete(name);
        },
        start,
        dispose: async () => void events.push("dispose"),
      };
    },
  };
}

function countdowns(): { count(): void; reached(number: number): Promise<void> } {
  let counted = 0;
  const waiting: { readonly number: number; readonly resolve: () => void }[] = [];
  return {
    count() {
      counted += 1;
      for (const { number, resolve } of waiting) if (number <= counted) resolve();
    },
    reached(number) {
      if (counted >= number) return Promise.resolve();
      return new Promise((resolve) => void waiting.push({ number, resolve }));
    },
  };
}
