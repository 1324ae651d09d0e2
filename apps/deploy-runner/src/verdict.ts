import type { Failure, PlanCounts, Result } from "@windlass/deployment";
import { DISK_FULL, DISK_FULL_HINT } from "./disk-full.ts";
import type { Step, StepExit } from "./engine.ts";
import { shorten } from "./error-block.ts";
import { exitCodeOf } from "./exit-code.ts";
import type { StepRun } from "./run-step.ts";
import type { RunnerErrorCode } from "./runner-error.ts";
import type { StopReason } from "./stop.ts";

/** How a deployment ended. */
export type Verdict = Pick<Result, "outcome" | "exitCode" | "failure">;

export type FailureCode =
  | "init-failed"
  | "plan-failed"
  | "show-failed"
  | "apply-failed"
  | "entrypoint-failed"
  /** Somebody else holds the state's lock. */
  | "state-locked"
  /** The module has no backend of its own, so its state would be lost. */
  | "no-remote-backend"
  /** Those of `RunnerError` that the engine and the state have. */
  | EngineFailureCode
  /** Terraform could not be started, though it is there. */
  | "terraform-not-started"
  /** Terraform was ended by force, by the runner or by somebody else. */
  | "terraform-killed"
  /** The kernel ended it for lack of memory. */
  | "out-of-memory"
  /** Terraform itself, or one of its providers, has a defect, or ran out of memory. */
  | "terraform-crashed"
  | "provider-crashed"
  | "state-unsaved"
  /** `StopReason`, where no person asked. */
  | "timeout"
  | "interrupted"
  | "fenced"
  | "displaced"
  /** `StopReason`, where a person asked. */
  | "cancelled"
  /** A defect of the runner or of the machine. */
  | "runner-failed";

/** What an engine, or the state, can have against a deployment before anything has run. */
export const ENGINE_FAILURES = [
  "architecture-mismatch",
  "credentials-endpoint-failed",
  "digest-mismatch",
  "disk-full",
  "engine-failed",
  "engine-missing",
  "image-missing",
  "image-unfit",
  "login-refused",
  "module-missing",
  "network-setup-failed",
  "registry-unreachable",
  "role-refused",
  "state-missing",
  "state-unreadable",
  "terraform-missing",
  "volume-unreadable",
] as const satisfies readonly RunnerErrorCode[];
export type EngineFailureCode = (typeof ENGINE_FAILURES)[number];

export const MESSAGE_LIMIT = 4000;

export function succeeded(exitCode: number): Verdict {
  return { outcome: "succeeded", exitCode, failure: null };
}

/** The plan had nothing in it: the account is as the image wants it. */
export function nothingToApply(): Verdict {
  return { outcome: "noop", exitCode: 0, failure: null };
}

export function failed(exitCode: number | null, failure: Failure & { readonly code: FailureCode }): Verdict {
  return { outcome: "failed", exitCode, failure: { ...failure, message: shorten(failure.message, MESSAGE_LIMIT) } };
}

/** Where a deployment was when it stopped. */
export type StoppedAt =
  | { readonly kind: "in"; readonly run: StepRun }
  /** Between two steps; `step`: the last that ended, null where none had begun. */
  | { readonly kind: "after"; readonly step: Step | null };

/** The deployment stopped, because it was asked to, with nothing lost: before apply, or in good order within it. */
export function stopped(reason: StopReason, at: StoppedAt): Verdict {
  const error = at.kind === "in" ? quoteError(at.run) : "";
  const message = shorten(`${describeStop(reason)}; stopped ${describeWhere(at)}${error}`, MESSAGE_LIMIT);
  const inApply = at.kind === "in" && changesTheWorld(at.run.step);
  const hint = inApply ? "part of the plan may be applied; the state knows which" : null;
  return {
    outcome: stoppedOutcome(reason, inApply),
    exitCode: at.kind === "in" ? exitCodeOf(at.run.exit) : null,
    failure: { code: reason.kind, message, hint },
  };
}

function describeWhere(at: StoppedAt): string {
  if (at.kind === "in") return `in ${describeStep(at.run.step)}`;
  return at.step === null ? "before Terraform ran" : `after terraform ${at.step}, before apply`;
}

/** What a person or the image's own timeout stopped has ended; what the host stopped before apply may be tried again. */
function stoppedOutcome(reason: StopReason, inApply: boolean): Verdict["outcome"] {
  if (reason.kind === "cancelled") return "cancelled";
  return reason.kind === "timeout" || inApply ? "failed" : "interrupted";
}

/** In the words of a sentence. */
export function describeStep(step: Step): string {
  return step === "entrypoint" ? "the image's entry point" : `terraform ${step}`;
}

function changesTheWorld(step: Step): boolean {
  return step === "apply" || step === "entrypoint";
}

/** Of a step before apply; null where the deployment goes on. */
export function judgeStep(run: StepRun, stop: StopReason | null): Verdict | null {
  const code = exitCodeOf(run.exit);
  if (stop !== null) return stopped(stop, { kind: "in", run });
  if (code === 0) return null;
  if (run.exit.kind === "not-started") return notStarted(run.exit);
  const broken = findBreak(run);
  if (broken === null) return failed(code, explainFailure(run));
  const message = `${describeStep(run.step)} ${broken.how}; nothing was applied${quoteError(run)}`;
  return failed(code, {
    code: broken.code,
    message,
    hint: broken.code === "terraform-crashed" || broken.code === "provider-crashed" ? null : broken.hint,
  });
}

/** Of apply. The world may have changed, so only a proven end is more than `unknown`. */
export function judgeApply(run: StepRun): Verdict {
  const { stop } = run;
  const code = exitCodeOf(run.exit);
  if (run.exit.kind === "not-started") return notStarted(run.exit);
  // Also when a stop was requested: then it came too late to keep anything from being applied.
  if (code === 0) return succeeded(code);
  const broken = findBreak(run);
  if (broken !== null) {
    const why = stop === null ? "" : ` (${describeStop(stop)})`;
    const message = `${describeStep(run.step)} ${broken.how}${why}; what it had begun may be missing in the state${quoteError(run)}`;
    return { ...failed(code, { code: broken.code, message, hint: broken.hint }), outcome: "unknown" };
  }
  return stop === null ? failed(code, explainFailure(run)) : stopped(stop, { kind: "in", run });
}

interface Break {
  readonly code: FailureCode;
  /** What befell Terraform, as the rest of a sentence. */
  readonly how: string;
  readonly hint: string;
}

const KILLED_HINT = "a state lock may be left behind; compare the account with a fresh plan";
const MEMORY_HINT =
  "most often the deploy instance has too little memory: choose a larger instance type; a state lock may be left behind: compare the account with a fresh plan";
const CRASHED_HINT =
  "what was being made when it crashed may be missing in the state: compare the account with a fresh plan, import or remove it, then unblock";
/** A shell and a container engine tell so that a signal ended their program. */
const FIRST_SIGNAL_CODE = 128;
/** Of SIGKILL, the kernel's own way to end a program that takes too much memory. */
const KILLED_CODE = 137;
/** Go's own for a panic, and Terraform's for one that it caught; Terraform's no has exit code 1. */
const PANIC_CODES: readonly number[] = [2, 11];

/** Whether the step did not come to an end of its own, so that it may have begun what nobody has noted. */
export function isBroken(run: StepRun): boolean {
  return findBreak(run) !== null;
}

/** Null where Terraform came to an end of its own. */
function findBreak(run: StepRun): Break | null {
  const killed = (how: string): Break => ({ code: "terraform-killed", how, hint: KILLED_HINT });
  if (run.exit.kind === "killed" && run.exit.outOfMemory) {
    return { code: "out-of-memory", how: "was killed for lack of memory", hint: MEMORY_HINT };
  }
  if (run.exit.kind === "killed") return killed(`was killed by ${run.exit.signal}`);
  if (run.forced) return killed("had to be ended by force");
  const code = exitCodeOf(run.exit);
  if (code === KILLED_CODE) {
    return { code: "terraform-killed", how: `ended with exit code ${code}, as after a kill`, hint: MEMORY_HINT };
  }
  if (code >= FIRST_SIGNAL_CODE) return killed(`ended with exit code ${code}, as after a signal`);
  if (run.crash === "terraform" || (run.crash === "provider" && PANIC_CODES.includes(code))) {
    return { code: "terraform-crashed", how: "crashed", hint: CRASHED_HINT };
  }
  if (run.crash === null) return null;
  return { code: "provider-crashed", how: "lost a provider that crashed", hint: CRASHED_HINT };
}

export function quoteError({ error }: Pick<StepRun, "error">): string {
  return error === null ? "" : `\n\n${error}`;
}

/** For people: `3 to add, 0 to change, 1 to destroy`. */
export function describeCounts({ add, change, destroy }: PlanCounts): string {
  return `${add} to add, ${change} to change, ${destroy} to destroy`;
}

export function describeStop(reason: StopReason): string {
  switch (reason.kind) {
    case "cancelled":
      return `cancelled by ${reason.by}: ${reason.reason}`;
    case "timeout":
      return `not done within ${reason.seconds} s`;
    case "interrupted":
      return `the runner received ${reason.signal}`;
    case "fenced":
      return `the lease could not be renewed for ${reason.seconds} s`;
    case "displaced":
      return `the lease is no longer this runner's: ${reason.problem}`;
  }
}

function notStarted({ problem, failure }: Extract<StepExit, { readonly kind: "not-started" }>): Verdict {
  const code = ENGINE_FAILURES.find((known) => known === failure?.code) ?? "terraform-not-started";
  const verdict = failed(127, { code, message: problem, hint: failure?.hint ?? null });
  return failure?.retryable === true ? { ...verdict, outcome: "interrupted" } : verdict;
}

function explainFailure(run: StepRun): Failure & { readonly code: FailureCode } {
  const message =
    run.error ?? `${describeStep(run.step)} ended with exit code ${exitCodeOf(run.exit)} and told no error`;
  if (run.lock !== null) {
    const hint = `held by ${run.lock.description}; only when that one is surely gone, in the module after "terraform init": terraform force-unlock ${run.lock.id}`;
    return { code: "state-locked", message, hint };
  }
  if (message.includes("Error acquiring the state lock")) {
    const hint = "the lock info names the holder; break the lock only when that one is surely gone";
    return { code: "state-locked", message, hint };
  }
  const code = failureCodeOf(run.step);
  if (DISK_FULL.test(message)) return { code: "disk-full", message, hint: DISK_FULL_HINT };
  if (message.includes("use_lockfile")) {
    return { code, message, hint: "state: managed needs Terraform or OpenTofu 1.10 or newer" };
  }
  return { code, message, hint: null };
}

function failureCodeOf(step: Step): FailureCode {
  return step === "unlock" ? "plan-failed" : `${step}-failed`;
}
