import { type Assignment, type Claim, type Result, toInstant } from "@windlass/deployment";
import { redactText } from "@windlass/redaction";
import { describeError, WindlassError } from "@windlass/windlass-error";
import { guardAccount, readAssignment } from "./check-assignment.ts";
import { claimDeployment } from "./claim-deployment.ts";
import { deployImage } from "./deploy-image.ts";
import { type DeployRecord, emptyRecord, lastStep } from "./deploy-record.ts";
import { DISK_FULL_HINT, diskFullOf } from "./disk-full.ts";
import { keepLease } from "./lease-keeper.ts";
import type { Run, RunnerPorts, RunSettings } from "./ports.ts";
import { retireInstance } from "./retire-instance.ts";
import { retry } from "./retry.ts";
import { secretsOf } from "./run-step.ts";
import { RunnerError } from "./runner-error.ts";
import { openSavingTime, savingOptions } from "./saving-time.ts";
import { ENGINE_FAILURES, failed, stopped, type Verdict } from "./verdict.ts";
import { watchCancel } from "./watch-cancel.ts";

/** How a run of the runner ended. */
export type RunEnd = {
  /** False: the instance is still in its group. */
  readonly retired: boolean;
} & RunWork;

export type RunWork =
  /** `stored`: the result is in the bucket, so the Lambda knows it. */
  | { readonly kind: "deployed"; readonly result: Result; readonly stored: boolean }
  /** Somebody else holds the claim; null where theirs can not be read. */
  | { readonly kind: "claim-lost"; readonly by: Claim | null }
  /** Something was wrong before the claim; nothing was touched. */
  | { readonly kind: "refused"; readonly error: WindlassError };

/**
 * Runs one deployment from its assignment to its result, then leaves the group. Never throws for what can go wrong in the
 * world: every way ends in a result, as far as the bucket can be reached, and in a retired instance.
 *
 * @example
 * ```ts
 * const end = await runDeployment(ports, settings);
 * if (end.kind === "deployed") console.log(end.result.outcome);
 * ```
 */
export async function runDeployment(ports: RunnerPorts, settings: RunSettings): Promise<RunEnd> {
  const run: Run = { ...ports, settings, saving: openSavingTime(ports.clock, settings) };
  const work = await holdAndDeploy(run);
  const retired = await retireInstance(run);
  return { ...work, retired };
}

async function holdAndDeploy(run: Run): Promise<RunWork> {
  const hold = await takeHold(run);
  return hold.kind === "held" ? await deployClaimed(run, hold.assignment) : hold;
}

type Hold =
  | { readonly kind: "held"; readonly assignment: Assignment }
  | Exclude<RunWork, { readonly kind: "deployed" }>;

async function takeHold(run: Run): Promise<Hold> {
  try {
    const assignment = await readAssignment(run);
    await guardAccount(run, assignment);
    await protectInstance(run);
    const claim = await claimDeployment(run, assignment);
    return claim.kind === "held" ? { kind: "held", assignment } : { kind: "claim-lost", by: claim.by };
  } catch (thrown) {
    const error = thrown instanceof WindlassError ? thrown : unforeseen(run, thrown);
    run.log.error({ code: error.code, error: describeError(error) }, "deployment refused; leaving");
    return { kind: "refused", error };
  }
}

/** A defect must not leave the instance in its group, where it would block every other deployment. */
function unforeseen({ settings }: Run, thrown: unknown): RunnerError {
  const message = redactText(describeError(thrown), { literals: settings.secrets });
  const hint = "see the runner's own log";
  return new RunnerError({ code: "runner-failed", message, hint, cause: thrown });
}

/** Before the claim: the scheduled action that empties the group must never meet a live apply. */
async function protectInstance(run: Run): Promise<void> {
  const { instance, timings, stop } = run.settings;
  // An instance that has just booted may not be InService yet, and only then can it be protected.
  const options = { what: "protect the instance", seconds: timings.startUp, signal: stop.signal };
  await retry(run, options, () => run.group.protect(instance));
}

async function deployClaimed(run: Run, assignment: Assignment): Promise<RunWork> {
  const { clock, log, settings } = run;
  const startedAt = toInstant(new Date(clock.now()));
  const { timeoutSeconds } = assignment;
  const cancelTimeout = clock.schedule(timeoutSeconds * 1000, () =>
    settings.stop.request({ kind: "timeout", seconds: timeoutSeconds }),
  );
  const lease = keepLease(run, assignment);
  const cancel = watchCancel(run);
  const record = emptyRecord();
  const verdict = await deployImage({ run, assignment, lease, cancel, record }).catch((error: unknown) =>
    explain(run, record, error),
  );
  cancelTimeout();
  cancel.end();
  const { deployment, epoch } = assignment;
  const { instance, nonce } = settings;
  const { digest, plan, steps, brokenLock, notes } = record;
  const endedAt = toInstant(new Date(clock.now()));
  const told = { ...verdict, digest, plan, steps, brokenLock, notes, startedAt, endedAt };
  const result: Result = { schema: 1, deployment, epoch, instance, nonce, ...told };
  log.info({ deployment, outcome: result.outcome, plan, failure: result.failure }, "deployment ended");
  const stored = await storeResult(run, result);
  await lease.end();
  await removeWorkspace(run, record);
  return { kind: "deployed", result, stored };
}

/** What the engine could not do, and what nobody foresaw. */
function explain(run: Run, record: DeployRecord, thrown: unknown): Verdict {
  const error = diskFullOf(thrown) ?? thrown;
  const { reason } = run.settings.stop;
  const message = redactText(describeError(error), { literals: secretsOf(run, record.workspace) });
  run.log.error({ error: message }, "deployment broken off");
  if (reason !== null && !record.applyStarted) return stopped(reason, { kind: "after", step: lastStep(record) });
  const known = error instanceof RunnerError ? ENGINE_FAILURES.find((code) => code === error.code) : undefined;
  if (error instanceof RunnerError && known !== undefined && !record.applyStarted) {
    const verdict = failed(null, { code: known, message: tell(error, run), hint: error.hint ?? null });
    // Nothing is wrong with the image: another instance, or another time, may do.
    return error.retryable ? { ...verdict, outcome: "interrupted" } : verdict;
  }
  const code = known === "disk-full" ? known : "runner-failed";
  const verdict = failed(null, {
    code,
    message,
    hint: code === "disk-full" ? DISK_FULL_HINT : "see the runner's own log",
  });
  return record.applyStarted ? { ...verdict, outcome: "unknown" } : verdict;
}

/** All but code and hint, which have places of their own. */
function tell({ message, where, expected, found }: RunnerError, { settings }: Run): string {
  const parts = [
    `${message}${where === undefined ? "" : ` (${where})`}`,
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(found === undefined ? [] : [`found ${found}`]),
  ];
  return redactText(parts.join("; "), { literals: settings.secrets });
}

/** Once, and last: everything else about this run is stored before it. The lease is renewed meanwhile. */
async function storeResult(run: Run, result: Result): Promise<boolean> {
  try {
    const options = savingOptions(run, "store the result", "result");
    const written = await retry(run, options, () => run.store.putResult(result));
    if (written === "exists") run.log.error({}, "another result is there already; this one is not stored");
    return written === "written";
  } catch (error) {
    run.log.error({ error: describeError(error) }, "result not stored");
    return false;
  }
}

/** After the result, for which people wait: nothing runs in it any more. */
async function removeWorkspace({ log }: Run, { workspace }: DeployRecord): Promise<void> {
  try {
    await workspace?.dispose();
  } catch (error) {
    log.warn({ error: describeError(error) }, "workspace not removed");
  }
}
