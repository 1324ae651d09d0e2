import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { RunnerError } from "../runner-error.ts";

export type ContainerProgram = "docker" | "podman";

/** The command line of a container engine. Secrets go into it through its environment only, never as arguments. */
export interface ContainerCli {
  readonly program: ContainerProgram;
  /** Runs a command to its end, whatever its exit code. Throws `engine-missing`, or `stopped` after an abort. */
  call(args: readonly string[], options?: CliOptions): Promise<CliEnd>;
  /** Starts a command whose output is followed. */
  start(args: readonly string[], environment: Readonly<Record<string, string>>): StartedCli;
}

export interface CliOptions {
  readonly signal?: AbortSignal;
  /** How long it may take; an engine that hangs must not hold up the runner for ever. */
  readonly limitMs?: number;
}

export interface CliEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type StartedCli = ChildProcessByStdio<null, Readable, Readable>;

const MOST_OUTPUT_BYTES = 16 * 1_048_576;
const LIMIT_MS = 300_000;

/** `environment`: what the program inherits, without any credentials of the instance. */
export function createContainerCli(
  program: ContainerProgram,
  environment: Readonly<Record<string, string>>,
): ContainerCli {
  return {
    program,
    call(args, { signal, limitMs = LIMIT_MS } = {}) {
      const options = {
        ...{ env: environment, maxBuffer: MOST_OUTPUT_BYTES, signal },
        ...{ timeout: limitMs, killSignal: "SIGKILL" as const },
      };
      return new Promise((resolve, reject) => {
        execFile(program, [...args], options, (error, stdout, stderr) => {
          if (error === null) return resolve({ code: 0, stdout, stderr });
          if (signal?.aborted) return reject(stopped(program, args));
          if (error.code === "ENOENT") return reject(engineMissing(program));
          // A program that a signal ended has no exit code of its own.
          const said = error.killed ? `no answer within ${limitMs / 1000} s` : stderr || error.message;
          resolve({ code: typeof error.code === "number" ? error.code : 1, stdout, stderr: said });
        });
      });
    },
    start: (args, more) =>
      spawn(program, [...args], {
        env: { ...environment, ...more },
        stdio: ["ignore", "pipe", "pipe"],
        // A Ctrl-C on the runner's terminal must reach Terraform through the runner alone.
        detached: true,
      }),
  };
}

export function engineMissing(program: ContainerProgram): RunnerError {
  return new RunnerError({
    code: "engine-missing",
    message: `${program} is not on the PATH`,
    hint: "the boot script installs it; WINDLASS_ENGINE says which one is used: docker or podman",
  });
}

function stopped(program: ContainerProgram, args: readonly string[]): RunnerError {
  return new RunnerError({ code: "stopped", message: `asked to stop during ${program} ${args[0] ?? ""}` });
}
