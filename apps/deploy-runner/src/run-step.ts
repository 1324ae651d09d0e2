import type { Assignment } from "@windlass/deployment";
import { createRedactor, redactText } from "@windlass/redaction";
import { type Crash, findCrash } from "./crash.ts";
import type { DeployRecord } from "./deploy-record.ts";
import type { Step, Workspace } from "./engine.ts";
import { createErrorCollector } from "./error-block.ts";
import { exitCodeOf } from "./exit-code.ts";
import { createMemoryKeeper, type MemoryKeeper } from "./memory-keeper.ts";
import type { ModuleStates } from "./module-states.ts";
import type { Run } from "./ports.ts";
import { describeLock, findStateLock, type StateLock } from "./state-lock.ts";
import { createStepLog, type StepLog } from "./step-log.ts";
import { type SupervisedExit, superviseStep } from "./supervise-step.ts";
import type { TerraformCommands } from "./terraform-commands.ts";

export interface StepRun extends SupervisedExit {
  readonly step: Step;
  readonly seconds: number;
  /** What Terraform says went wrong, redacted; null where it says nothing. */
  readonly error: string | null;
  /** Terraform says that it could not store the state. */
  readonly stateUnsaved: boolean;
  /** Who crashed, if anybody did. */
  readonly crash: Crash | null;
  /** Who holds the lock, where Terraform could not get it. */
  readonly lock: HeldLock | null;
  /** Settles when the log is stored, as far as it can be; never fails. */
  readonly logged: Promise<void>;
}

export interface HeldLock extends StateLock {
  /** With its age. */
  readonly description: string;
}

export interface StepContext {
  readonly run: Run;
  readonly assignment: Assignment;
  readonly record: DeployRecord;
  readonly workspace: Workspace;
  readonly commands: TerraformCommands;
  readonly states: ModuleStates;
}

export interface StepOptions {
  /** Told whole lines of standard output, redacted. */
  readonly onText?: (text: string) => void;
  /** Instead of the step's own. */
  readonly args?: readonly string[];
  /** Does not wait until the log is stored: what the step has left behind may be more urgent. */
  readonly logLater?: boolean;
  /** Takes standard output as it comes, instead of the log. */
  readonly onBytes?: (bytes: Uint8Array) => void;
}

const ERROR_LIMIT = 4000;
const STATE_UNSAVED = /Error: Failed to (?:save|persist|create local|serialize) .*state/;
const MEGABYTE = 1_048_576;

/** Runs one step of Terraform to its end, with its log on the way to the bucket. */
export async function runStep(context: StepContext, step: Step, options: StepOptions = {}): Promise<StepRun> {
  const { run, record, workspace, commands } = context;
  const began = run.clock.monotonic();
  run.log.info({ step }, "step started");
  const output = collectOutput(context, step, options);
  const running = workspace.start({
    step,
    program: step === "entrypoint" ? "entrypoint" : "terraform",
    args: options.args ?? commands.args(step),
    environment: commands.environment,
    onOutput: output.take,
  });
  const supervised = redactExit(context, await superviseStep(run, running));
  const said = output.end();
  if (options.logLater !== true) await said.logged;
  const seconds = Math.round(run.clock.monotonic() - began) / 1000;
  record.steps.push({ step, exitCode: exitCodeOf(supervised.exit), seconds });
  run.log.info({ step, ...supervised, seconds }, "step ended");
  return { step, ...supervised, seconds, ...said, lock: readLock(said.error, run.clock.now()) };
}

function readLock(error: string | null, now: number): HeldLock | null {
  const lock = findStateLock(error);
  return lock === null ? null : { ...lock, description: describeLock(lock, now) };
}

type Stream = "stdout" | "stderr";

interface Output {
  take(stream: Stream, bytes: Uint8Array): void;
  end(): Pick<StepRun, "error" | "stateUnsaved" | "crash" | "logged">;
}

/** Each stream is decoded and redacted for itself: the other one may speak in the middle of a character or a key. */
function collectOutput(context: StepContext, step: Step, options: StepOptions): Output {
  const memory = createMemoryKeeper(globalThis.gc);
  const log = openLog(context, step, memory);
  const errors = createErrorCollector(ERROR_LIMIT);
  let stateUnsaved = false;
  let crash: Crash | null = null;

  function show(stream: Stream, text: string): void {
    if (text === "") return;
    log.write(text);
    if (stream === "stdout") options.onText?.(text);
    // Terraform tells errors on standard error; what provisioners print goes to standard output. A program around it may
    // bring both together.
    if (stream === "stderr" || step === "entrypoint") {
      errors.push(text);
      crash ??= findCrash(text);
    }
    stateUnsaved ||= STATE_UNSAVED.test(text);
  }

  const secrets = () => secretsOf(context.run, context.workspace);
  const streams = { stdout: openStream(secrets), stderr: openStream(secrets) };
  return {
    take(stream, bytes) {
      if (stream === "stdout" && options.onBytes !== undefined) options.onBytes(bytes);
      else show(stream, streams[stream].take(bytes));
      memory.passed(bytes.length);
    },
    end() {
      show("stdout", streams.stdout.end());
      show("stderr", streams.stderr.end());
      return { error: errors.message(), stateUnsaved, crash, logged: log.end() };
    },
  };
}

/** The engine may quote what the program has said. */
function redactExit(context: StepContext, supervised: SupervisedExit): SupervisedExit {
  const { exit } = supervised;
  if (exit.kind !== "not-started") return supervised;
  const problem = redactText(exit.problem, { literals: secretsOf(context.run, context.workspace) });
  return { ...supervised, exit: { ...exit, problem } };
}

/** All that must not be shown of a run, as far as it is known by now. */
export function secretsOf(run: Run, workspace: Workspace | null): readonly string[] {
  return [...run.settings.secrets, ...(workspace?.secrets ?? [])];
}

function openStream(literals: () => readonly string[]): { take(bytes: Uint8Array): string; end(): string } {
  const decoder = new TextDecoder();
  const redactor = createRedactor({ literals });
  return {
    take: (bytes) => redactor.push(decoder.decode(bytes, { stream: true })),
    end: () => redactor.push(decoder.decode()) + redactor.end(),
  };
}

function openLog({ run, assignment }: StepContext, step: Step, memory: MemoryKeeper): StepLog {
  const { deployment } = assignment;
  return createStepLog({
    clock: run.clock,
    log: run.log,
    limits: {
      headBytes: 10 * MEGABYTE,
      tailBytes: 10 * MEGABYTE,
      segmentBytes: 65_536,
      flushMs: run.settings.timings.log * 1000,
      endMs: 20_000,
    },
    async put(number, text) {
      await run.store.putLogSegment({ deployment, step, number, text });
      memory.passed(text.length);
    },
  });
}
