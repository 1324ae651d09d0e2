import { runStep, type StepContext, type StepRun } from "./run-step.ts";
import { deadHolder } from "./state-lock.ts";

/**
 * Where a step could not get the state's lock because a dead deployment holds it: breaks that lock. Says whether the step
 * should be tried again: once, which is all that a dead deployment can cause. A lock of anybody else is left alone, and
 * reported.
 */
export async function breakDeadLock(context: StepContext, step: StepRun): Promise<boolean> {
  const { run, assignment, record } = context;
  const { lock } = step;
  if (lock === null || run.settings.stop.reason !== null) return false;
  const holder = deadHolder(lock, assignment.confirmedDead);
  if (holder === null) return false;
  run.log.warn({ lock: lock.id, holder, created: lock.created }, "breaking the lock of a dead deployment");
  const args = [...context.commands.args("unlock"), lock.id];
  const { exit } = await runStep(context, "unlock", { args });
  if (exit.kind !== "exited" || exit.code !== 0) {
    record.notes.push(
      `The state lock of ${holder}, whose instance is gone, could not be broken; see the step "unlock".`,
    );
    return false;
  }
  record.brokenLock = { id: lock.id, holder, created: lock.created };
  return true;
}
