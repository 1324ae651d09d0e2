import type { RunningStep, StepCommand, StepExit } from "../engine.ts";
import type { ContainerCli, StartedCli } from "./container-cli.ts";
import { createInterrupter } from "./container-interrupt.ts";
import { explainEngine } from "./engine-problem.ts";

/** One container: what is run, and how it is fenced in. */
export interface ContainerRun {
  readonly cli: ContainerCli;
  readonly name: string;
  /** Everything of the engine's `run` that stands before the image, but for name and environment. */
  readonly options: readonly string[];
  readonly image: string;
  /** Null: the image's own entry point. */
  readonly program: string | null;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly onOutput: StepCommand["onOutput"];
}

/** What came of a container; a program that the image does not have is told apart, since there may be another. */
export type ContainerExit = StepExit | { readonly kind: "program-missing"; readonly problem: string };

export interface RunningContainer extends Pick<RunningStep, "interrupt" | "kill"> {
  readonly exit: Promise<ContainerExit>;
}

/** How long an engine may take to kill a container before it is gone round. */
const KILL_PATIENCE_MS = 10_000;

/** Starts a container and follows it. Never throws: what goes wrong is in the exit. */
export function startContainer(run: ContainerRun): RunningContainer {
  const { cli, name } = run;
  const child = cli.start(runArguments(run), run.environment);
  let said = "";
  child.stdout.on("data", (bytes: Buffer) => run.onOutput("stdout", bytes));
  child.stderr.on("data", (bytes: Buffer) => {
    run.onOutput("stderr", bytes);
    // The engine's own words come on the same stream; its last ones say why nothing was started.
    said = (said + bytes.toString()).slice(-4_000);
  });
  const closed = awaitClose(child);
  const interrupter = createInterrupter(cli, name, closed);
  return {
    exit: closed.then(async (code) => {
      interrupter.end();
      return code === 0 ? { kind: "exited", code } : await explainExit(run, code, said);
    }),
    interrupt: interrupter.interrupt,
    kill: () => void kill(cli, name, { child, closed }),
  };
}

function runArguments({ name, options, image, program, args, environment }: ContainerRun): readonly string[] {
  const names = Object.keys(environment).flatMap((variable) => ["--env", variable]);
  const entrypoint = program === null ? [] : ["--entrypoint", program];
  // The engine must not hand on signals, keep a log of its own, or fetch anything.
  const own = ["--sig-proxy=false", "--log-driver", "none", "--pull", "never"];
  return ["run", "--name", name, ...own, ...options, ...names, ...entrypoint, image, ...args];
}

/** The engine's exit code; null where a signal ended the engine's program, or it could not be started. */
function awaitClose(child: StartedCli): Promise<number | null> {
  return new Promise((resolve) => {
    child.once("error", () => {
      if (child.pid === undefined) resolve(null);
    });
    child.once("close", (code) => resolve(code));
  });
}

/** Of a container that did not end with 0. The engine's exit code alone can not tell its own failure from the program's. */
async function explainExit(run: ContainerRun, code: number | null, said: string): Promise<ContainerExit> {
  const { cli, name } = run;
  const state = await readState(cli, name);
  if (state === null || !state.started) return notStarted(run, code ?? 1, `${state?.error ?? ""}\n${said}`);
  if (state.running) {
    // Only the program that followed it is gone: it must not work on unseen.
    await cli.call(["kill", "--signal", "KILL", name]);
    return { kind: "killed", signal: "SIGKILL", outOfMemory: false };
  }
  if (state.outOfMemory) return { kind: "killed", signal: "SIGKILL", outOfMemory: true };
  return { kind: "exited", code: state.code };
}

/** runc's, crun's and Docker's words for a program that is not in the image. */
const PROGRAM_MISSING = /executable file .*not found|no such file or directory|command not found/i;

function notStarted(run: ContainerRun, code: number, said: string): ContainerExit {
  const problem = explainEngine(run.cli.program, `start ${run.program ?? "the image's entry point"}`, {
    code,
    stderr: said,
  });
  const text = `${problem.message}${problem.found === undefined ? "" : `: ${problem.found}`}`;
  // "not found" is also what a registry says, but nothing is pulled here.
  const missing = ["engine-failed", "image-missing"].includes(problem.code) && PROGRAM_MISSING.test(said);
  return missing ? { kind: "program-missing", problem: text } : { kind: "not-started", problem: text };
}

interface ContainerState {
  readonly started: boolean;
  readonly running: boolean;
  readonly code: number;
  readonly outOfMemory: boolean;
  readonly error: string;
}

/** Null where the engine knows no such container. */
async function readState(cli: ContainerCli, name: string): Promise<ContainerState | null> {
  const { code, stdout } = await cli.call(["container", "inspect", name]).catch(() => ({ code: 1, stdout: "" }));
  if (code !== 0) return null;
  const [{ State: state } = { State: {} }] = JSON.parse(stdout) as readonly { readonly State: StateJson }[];
  return {
    started: !(state.StartedAt ?? "0001").startsWith("0001"),
    running: state.Running ?? false,
    code: state.ExitCode ?? 1,
    outOfMemory: state.OOMKilled ?? false,
    error: state.Error ?? "",
  };
}

/** What docker and podman both say of a container. A time that never was begins with the year 1. */
interface StateJson {
  readonly StartedAt?: string;
  readonly Running?: boolean;
  readonly ExitCode?: number;
  readonly OOMKilled?: boolean;
  readonly Error?: string;
}

interface Following {
  readonly child: StartedCli;
  readonly closed: Promise<unknown>;
}

async function kill(cli: ContainerCli, name: string, { child, closed }: Following): Promise<void> {
  const { code } = await cli.call(["kill", "--signal", "KILL", name]).catch(() => ({ code: 1 }));
  if (code === 0) {
    const timer = setTimeout(() => child.kill("SIGKILL"), KILL_PATIENCE_MS);
    void closed.then(() => clearTimeout(timer));
    return;
  }
  // It is not there yet, or has just ended: whatever follows it shall not wait.
  child.kill("SIGKILL");
}
