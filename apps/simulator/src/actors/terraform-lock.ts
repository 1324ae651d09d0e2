import type { StepExit } from "@windlass/deploy-runner";
import type { StateTruth } from "../world/truth.ts";
import { exited, fail, type Job, type StepStage } from "./terraform-stage.ts";

/** Breaks the lock of that id, if it is the one that is held. */
export async function playUnlock(stage: StepStage, id: string | undefined): Promise<StepExit> {
  const { sim, state } = stage;
  await stage.sleep(1);
  if (state.lock === null || state.lock.id !== id) return fail(stage, "Failed to unlock state: no such lock");
  const { instance, holder } = state.lock;
  const isGone = instance !== null && sim.truth.gone.has(instance);
  sim.checks.expect(
    "S7",
    isGone,
    () => `the lock of ${holder} is broken, whose instance ${instance ?? "is nobody's"} is not gone`,
  );
  state.lock = null;
  stage.out("Terraform state has been successfully unlocked!\n");
  return exited(0);
}

/** Terraform's local state has a lock that ends with its machine; a backend's stays. */
export function isLocked({ sim, state, job }: StepStage): boolean {
  if (job.keeping === "store") return false;
  if (state.lock === null && sim.chaos.draws("strange-lock")) {
    sim.chaos.struck("strange-lock", `a stranger has locked the state that ${job.deployment} needs`);
    const created = `${new Date().toISOString().slice(0, 19).replace("T", " ")}.0 +0000 UTC`;
    state.lock = { id: sim.random.hex(12), holder: "ada-laptop", instance: null, created };
    sim.scheduler.schedule(sim.random.between(60_000, 3_600_000), () => {
      if (state.lock?.holder === "ada-laptop") state.lock = null;
    });
  }
  return state.lock !== null;
}

export async function refuseLocked(stage: StepStage): Promise<StepExit> {
  const { state, sim, job } = stage;
  if (state.lock != null && state.lock.instance !== null) {
    sim.chaos.struck("own-stale-lock", `${job.deployment} finds the lock that ${state.lock.holder} has left`);
  }
  await stage.sleep(20);
  if (state.lock === null) return fail(stage, "the lock was released while its error was told");
  const { id, holder, created } = state.lock;
  stage.err(
    `Error: Error acquiring the state lock\n\nError message: PreconditionFailed\nLock Info:\n  ID:        ${id}\n  Path:      state\n  Operation: OperationTypeApply\n  Who:       root@${holder}\n  Version:   1.11.4\n  Created:   ${created}\n  Info:      \n`,
  );
  return exited(1);
}

export function lock({ state, job, sim }: StepStage): void {
  if (job.keeping === "store") return;
  const created = `${new Date().toISOString().slice(0, 19).replace("T", " ")}.123456789 +0000 UTC`;
  state.lock = { id: sim.random.hex(12), holder: job.deployment, instance: job.instance, created };
}

export function unlock(state: StateTruth, { deployment }: Job): void {
  if (state.lock?.holder === deployment) state.lock = null;
}
