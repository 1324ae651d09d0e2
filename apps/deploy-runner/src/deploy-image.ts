import type { Assignment } from "@windlass/deployment";
import { createApplyProgress } from "./apply-progress.ts";
import { breakDeadLock } from "./break-lock.ts";
import { type DeployRecord, lastStep } from "./deploy-record.ts";
import type { Workspace } from "./engine.ts";
import { keepNothing, keepState } from "./keep-state.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import { watchStates } from "./module-states.ts";
import { planImage } from "./plan-image.ts";
import type { Run } from "./ports.ts";
import { runStep, type StepContext, type StepRun } from "./run-step.ts";
import { RunnerError } from "./runner-error.ts";
import { restoreStore, type StoreFolder } from "./store-folder.ts";
import { terraformCommands } from "./terraform-commands.ts";
import { describeCounts, failed, judgeApply, stopped, type Verdict } from "./verdict.ts";
import type { CancelWatch } from "./watch-cancel.ts";

export interface Deploying {
  readonly run: Run;
  readonly assignment: Assignment;
  readonly lease: LeaseKeeper;
  readonly cancel: CancelWatch;
  readonly record: DeployRecord;
}

/** The phases of a claimed deployment: pulling, planning, applying, saving. The workspace is left to the caller. */
export async function deployImage(deploying: Deploying): Promise<Verdict> {
  const { run, assignment, lease, record } = deploying;
  if (!(await lease.acknowledge("pulling"))) return stoppedEarly(run, record);
  record.workspace = await run.engine.prepare(assignment, run.settings.stop.signal);
  return await deployWorkspace(deploying, record.workspace);
}

async function deployWorkspace(deploying: Deploying, workspace: Workspace): Promise<Verdict> {
  const { run, assignment, lease, record } = deploying;
  if (workspace.digest !== assignment.digest) return digestMismatch(assignment, workspace);
  record.digest = workspace.digest;
  const commands = terraformCommands(run.settings, assignment);
  const working = { run, assignment, record, workspace };
  const store = assignment.state === "store" ? await restoreStore(working) : null;
  const context: StepContext = { ...working, commands, states: await watchStates(working) };
  for (const [name, text] of Object.entries(commands.files)) await workspace.writeFile(name, text);
  if (assignment.entrypoint !== null) return await change(deploying, context, { step: "entrypoint", store });
  lease.enter("planning");
  const planned = await planImage(context);
  if (planned.kind === "ended") return planned.verdict;
  if (planned.empty) {
    run.log.info({}, "nothing to apply: the account is as the image wants it");
    return await keepNothing(context, store);
  }
  return await change(deploying, context, { step: "apply", store });
}

interface Change {
  readonly step: "apply" | "entrypoint";
  /** Null where Terraform keeps the state elsewhere. */
  readonly store: StoreFolder | null;
}

/**
 * Runs the step that changes the world. Whoever finds this instance dead must know that it may have begun: that is stored
 * first, or it does not start.
 */
async function change(deploying: Deploying, context: StepContext, { step, store }: Change): Promise<Verdict> {
  const { run, lease, cancel, record } = deploying;
  const { plan } = record;
  await cancel.look();
  if (!(await lease.acknowledge("applying"))) return stoppedEarly(run, record);
  run.log.info({ plan: plan === null ? null : describeCounts(plan) }, "applying");
  record.applyStarted = true;
  const first = await follow(deploying, context, step);
  // An entry point meets a lock where Terraform's own steps have met it while planning.
  const again = step === "entrypoint" && (await breakDeadLock(context, first));
  const ended = again ? await follow(deploying, context, step) : first;
  lease.enter("saving");
  try {
    return await conclude(context, ended, store);
  } finally {
    // While the state was being saved, its log was on the way. The result tells of both.
    await ended.logged;
  }
}

async function conclude(context: StepContext, ended: StepRun, store: StoreFolder | null): Promise<Verdict> {
  return (await keepState(context, ended, store)) ?? judgeApply(ended);
}

async function follow({ lease, record }: Deploying, context: StepContext, step: Change["step"]): Promise<StepRun> {
  const { plan } = record;
  const progress = createApplyProgress(plan === null ? null : plan.add + plan.change + plan.destroy);
  lease.progress(progress.describe());
  return await runStep(context, step, {
    logLater: true,
    onText(text) {
      progress.push(text);
      lease.progress(progress.describe());
    },
  });
}

/** Only called where a stop was requested. */
function stoppedEarly({ settings }: Run, record: DeployRecord): Verdict {
  const { reason } = settings.stop;
  if (reason === null) throw new RunnerError({ code: "stopped", message: "stopped without a reason" });
  return stopped(reason, { kind: "after", step: lastStep(record) });
}

function digestMismatch(assignment: Assignment, workspace: Workspace): Verdict {
  return failed(null, {
    code: "digest-mismatch",
    message: `expected ${assignment.digest}, found ${workspace.digest} in the workspace; nothing was run`,
    hint: "the digest decided must be the digest that runs: look at where the engine takes its modules from",
  });
}
