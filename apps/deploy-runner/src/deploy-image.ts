import type { Assignment } from "@windlass/deployment";
import { describeError } from "@windlass/windlass-error";
import { createApplyProgress } from "./apply-progress.ts";
import { type DeployRecord, lastStep } from "./deploy-record.ts";
import type { Workspace } from "./engine.ts";
import { keepErroredState } from "./errored-state.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import { planImage } from "./plan-image.ts";
import type { Run } from "./ports.ts";
import { runStep, type StepContext } from "./run-step.ts";
import { RunnerError } from "./runner-error.ts";
import { terraformCommands } from "./terraform-commands.ts";
import { describeCounts, failed, judgeApply, stopped, succeeded, type Verdict } from "./verdict.ts";
import type { CancelWatch } from "./watch-cancel.ts";

export interface Deploying {
  readonly run: Run;
  readonly assignment: Assignment;
  readonly lease: LeaseKeeper;
  readonly cancel: CancelWatch;
  readonly record: DeployRecord;
}

/** The phases of a claimed deployment: pulling, planning, applying, saving. */
export async function deployImage(deploying: Deploying): Promise<Verdict> {
  const { run, assignment, lease, record } = deploying;
  if (!(await lease.acknowledge("pulling"))) return stoppedEarly(run, record);
  const workspace = await run.engine.prepare(assignment, run.settings.stop.signal);
  try {
    return await deployWorkspace(deploying, workspace);
  } finally {
    await dispose(run, workspace);
  }
}

async function deployWorkspace(deploying: Deploying, workspace: Workspace): Promise<Verdict> {
  const { run, assignment, lease, record } = deploying;
  if (workspace.digest !== assignment.digest) return digestMismatch(assignment, workspace);
  record.digest = workspace.digest;
  const commands = terraformCommands(run.settings, assignment);
  for (const [name, text] of Object.entries(commands.files)) await workspace.writeFile(name, text);
  lease.enter("planning");
  const context: StepContext = { run, assignment, record, workspace, commands };
  const planned = await planImage(context);
  if (planned.kind === "ended") return planned.verdict;
  if (planned.empty) {
    run.log.info({}, "nothing to apply: the account is as the image wants it");
    return succeeded(0);
  }
  return await applyPlan(deploying, context);
}

/** Whoever finds this instance dead must know that apply may have begun: that is stored first, or apply does not start. */
async function applyPlan({ run, lease, cancel, record }: Deploying, context: StepContext): Promise<Verdict> {
  const { plan } = record;
  await cancel.look();
  if (!(await lease.acknowledge("applying"))) return stoppedEarly(run, record);
  run.log.info({ plan: plan === null ? null : describeCounts(plan) }, "applying");
  record.applyStarted = true;
  const progress = createApplyProgress(plan === null ? null : plan.add + plan.change + plan.destroy);
  lease.progress(progress.describe());
  const step = await runStep(context, "apply", {
    onText(text) {
      progress.push(text);
      lease.progress(progress.describe());
    },
  });
  lease.enter("saving");
  return (await keepErroredState(context, step)) ?? judgeApply(step);
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

async function dispose(run: Run, workspace: Workspace): Promise<void> {
  try {
    await workspace.dispose();
  } catch (error) {
    run.log.warn({ error: describeError(error) }, "workspace not removed");
  }
}
