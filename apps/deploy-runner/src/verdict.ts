import type { Failure, PlanCounts, Result } from "@windlass/deployment";
import type { Step } from "./engine.ts";
import { shorten } from "./error-block.ts";
import { exitCodeOf } from "./exit-code.ts";
import type { StepRun } from "./run-step.ts";
import type { StopReason } from "./stop.ts";

/** How a deployment ended. */
export type Verdict = Pick<Result, "outcome" | "exitCode" | "failure">;

export type FailureCode =
  | "init-failed"
  | "plan-failed"
  | "show-failed"
  | "apply-failed"
  /** Somebody else holds the state's lock. */
  | "state-locked"
  /** The module has no backend of its own, so its state would be lost. */
  | "no-remote-backend"
  | "digest-mismatch"
  | "module-missing"
  | "terraform-missing"
  /** Terraform could not be started, though it is there. */
  | "terraform-not-started"
  /** Terraform was ended by force, by the runner or by somebody else. */
  | "terraform-killed"
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

const MESSAGE_LIMIT = 4000;

export function succeeded(exitCode: number): Verdict {
  return { outcome: "succeeded", exitCode, failure: null };
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
  const inApply = at.kind === "in" && at.run.step === "apply";
  const hint = inApply ? "part of the plan may be applied; the state knows which" : null;
  return {
    outcome: stoppedOutcome(reason, inApply),
    exitCode: at.kind === "in" ? exitCodeOf(at.run.exit) : null,
    failure: { code: reason.kind, message, hint },
  };
}

function describeWhere(at: StoppedAt): string {
  if (at.kind === "in") return `in terraform ${at.run.step}`;
  return at.step === null ? "before Terraform ran" : `after terraform ${at.step}, before apply`;
}

/** What a person or the image's own timeout stopped has ended; what the host stopped before apply may be tried again. */
function stoppedOutcome(reason: StopReason, inApply: boolean): Verdict["outcome"] {
  if (reason.kind === "cancelled") return "cancelled";
  return reason.kind === "timeout" || inApply ? "failed" : "interrupted";
}

/** Of a step before apply; null where the deployment goes on. */
export function judgeStep(run: StepRun, stop: StopReason | null): Verdict | null {
  const code = exitCodeOf(run.exit);
  if (stop !== null) return stopped(stop, { kind: "in", run });
  if (code === 0) return null;
  if (run.exit.kind === "not-started") return notStarted(run.exit.problem);
  const broken = findBreak(run);
  if (broken === null) return failed(code, explainFailure(run));
  const message = `terraform ${run.step} ${broken.how}; nothing was applied${quoteError(run)}`;
  return failed(code, { code: broken.code, message, hint: broken.code === "terraform-killed" ? broken.hint : null });
}

/** Of apply. The world may have changed, so only a proven end is more than `unknown`. */
export function judgeApply(run: StepRun): Verdict {
  const { stop } = run;
  const code = exitCodeOf(run.exit);
  if (run.exit.kind === "not-started") return notStarted(run.exit.problem);
  // Also when a stop was requested: then it came too late to keep anything from being applied.
  if (code === 0) return succeeded(code);
  const broken = findBreak(run);
  if (broken !== null) {
    const why = stop === null ? "" : ` (${describeStop(stop)})`;
    const message = `terraform apply ${broken.how}${why}; what it had begun may be missing in the state${quoteError(run)}`;
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
const CRASHED_HINT =
  "what was being made when it crashed may be missing in the state: compare the account with a fresh plan, import or remove it, then unblock";
/** A shell and a container engine tell so that a signal ended their program. */
const FIRST_SIGNAL_CODE = 128;
/** Go's own for a panic, and Terraform's for one that it caught; Terraform's no has exit code 1. */
const PANIC_CODES: readonly number[] = [2, 11];

/** Null where Terraform came to an end of its own. */
function findBreak(run: StepRun): Break | null {
  const killed = (how: string): Break => ({ code: "terraform-killed", how, hint: KILLED_HINT });
  if (run.exit.kind === "killed") return killed(`was killed by ${run.exit.signal}`);
  if (run.forced) return killed("had to be ended by force");
  const code = exitCodeOf(run.exit);
  if (code >= FIRST_SIGNAL_CODE) return killed(`ended with exit code ${code}, as after a signal`);
  if (run.crash === "terraform" || (run.crash === "provider" && PANIC_CODES.includes(code))) {
    return { code: "terraform-crashed", how: "crashed", hint: CRASHED_HINT };
  }
  if (run.crash === null) return null;
  return { code: "provider-crashed", how: "lost a provider that crashed", hint: CRASHED_HINT };
}

function quoteError({ error }: StepRun): string {
  return error === null ? "" : `\n\n${error}`;
}

/** `stored`: whether `errored.tfstate` is safe in the bucket. */
export function stateUnsaved(run: StepRun, stored: { readonly kept: boolean; readonly where: string }): Verdict {
  const error = run.error === null ? "" : `\n\n${run.error}`;
  const message = shorten(`terraform apply ran, but could not store the state${error}`, MESSAGE_LIMIT);
  const hint = stored.kept
    ? `the state is kept at ${stored.where}: compare lineage and serial, run "terraform state push" with it, then unblock`
    : `the state could not be kept either: compare the account with a fresh plan, import what is missing, then unblock`;
  return {
    outcome: "state-unsaved",
    exitCode: exitCodeOf(run.exit),
    failure: { code: "state-unsaved", message, hint },
  };
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

function notStarted(problem: string): Verdict {
  return failed(127, { code: "terraform-not-started", message: problem, hint: null });
}

function explainFailure(run: StepRun): Failure & { readonly code: FailureCode } {
  const message = run.error ?? `terraform ${run.step} ended with exit code ${exitCodeOf(run.exit)} and told no error`;
  if (message.includes("Error acquiring the state lock")) {
    const hint = "the lock info names the holder; break the lock only when that one is surely gone";
    return { code: "state-locked", message, hint };
  }
  if (message.includes("use_lockfile")) {
    return { code: `${run.step}-failed`, message, hint: "state: managed needs Terraform or OpenTofu 1.10 or newer" };
  }
  return { code: `${run.step}-failed`, message, hint: null };
}
