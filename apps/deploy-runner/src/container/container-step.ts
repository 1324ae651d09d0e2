import type { RunningStep, StepCommand, StepExit } from "../engine.ts";
import type { RunnerError } from "../runner-error.ts";
import { type ContainerCli, engineMissing, type StartedCli } from "./container-cli.ts";
import { createInterrupter } from "./container-interrupt.ts";
import { execRefusal, explainEngine, saysProgramMissing } from "./engine-problem.ts";

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
    exit: closed.then(async (end) => {
      interrupter.end();
      return await explainEnd(run, end, said);
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

/** How the engine's program that followed the container ended. */
type CliClose =
  | { readonly kind: "exited"; readonly code: number }
  /** A signal ended it: the runner's own, or a stranger's. */
  | { readonly kind: "lost" }
  | { readonly kind: "not-there" };

function awaitClose(child: StartedCli): Promise<CliClose> {
  return new Promise((resolve) => {
    child.once("error", () => {
      if (child.pid === undefined) resolve({ kind: "not-there" });
    });
    child.once("close", (code) => resolve(code === null ? { kind: "lost" } : { kind: "exited", code }));
  });
}

async function explainEnd(run: ContainerRun, end: CliClose, said: string): Promise<ContainerExit> {
  switch (end.kind) {
    case "not-there":
      return toNotStarted(engineMissing(run.cli.program));
    case "lost":
      return await endUnfollowed(run);
    case "exited":
      return end.code === 0 ? { kind: "exited", code: 0 } : await explainExit(run, end.code, said);
  }
}

const KILLED: StepExit = { kind: "killed", signal: "SIGKILL", outOfMemory: false };

/** Nobody follows the container any more: it must not work on unseen, nor begin to. */
async function endUnfollowed({ cli, name }: ContainerRun): Promise<ContainerExit> {
  if (await killContainer(cli, name)) return KILLED;
  const state = await readState(cli, name);
  if (state?.started === true && !state.running) return { kind: "exited", code: state.code };
  await cli.call(["rm", "--force", name]);
  return KILLED;
}

/** Of a container that did not end with 0. The engine's exit code alone can not tell its own failure from the program's. */
async function explainExit(run: ContainerRun, code: number, said: string): Promise<ContainerExit> {
  const { cli, name } = run;
  const state = await readState(cli, name);
  // The engine may only not have told of it.
  if (state === null) await cli.call(["rm", "--force", name]).catch(() => null);
  if (state === null || !state.started) return explainStart(run, code, `${state?.error ?? ""}\n${said}`);
  if (state.running) {
    await killContainer(cli, name);
    return KILLED;
  }
  if (state.outOfMemory) return { kind: "killed", signal: "SIGKILL", outOfMemory: true };
  return execRefusal(said) === null ? { kind: "exited", code: state.code } : explainStart(run, code, said);
}

function explainStart(run: ContainerRun, code: number, said: string): ContainerExit {
  const doing = { kind: "start", what: `start ${run.program ?? "the image's entry point"}` } as const;
  const problem = explainEngine(run.cli.program, doing, { code, stderr: said });
  if (problem.code === "engine-failed" && saysProgramMissing(said, run.program))
    return { kind: "program-missing", problem: tell(problem) };
  return toNotStarted(problem);
}

function toNotStarted(error: RunnerError): StepExit {
  const { code, hint = null, retryable } = error;
  // One without a code of its own is what "not started" says already.
  const failure = code === "engine-failed" ? {} : { failure: { code, hint, retryable } };
  return { kind: "not-started", problem: tell(error), ...failure };
}

function tell({ message, found }: RunnerError): string {
  return found === undefined || found === "" ? message : `${message}: ${found}`;
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
  const timer = setTimeout(() => child.kill("SIGKILL"), KILL_PATIENCE_MS);
  void closed.then(() => clearTimeout(timer));
  // It is not there yet, or has just ended: whatever follows it shall not wait.
  if (!(await killContainer(cli, name))) child.kill("SIGKILL");
}

/** Whether there was one to kill. */
async function killContainer(cli: ContainerCli, name: string): Promise<boolean> {
  const end = cli.call(["kill", "--signal", "KILL", name], { limitMs: KILL_PATIENCE_MS });
  return await end.then(
    ({ code }) => code === 0,
    () => false,
  );
}
