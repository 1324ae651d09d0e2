import type { Deployment } from "@windlass/deployment";
import type { Sim } from "../core/sim.ts";
import { BUCKET } from "../world/names.ts";
import type { ControlModel } from "./control-model.ts";

/** What the versions before have shown. */
export interface Known {
  /** By deployment: how it ended, as text. */
  readonly ended: Map<string, string>;
  /** By deployment: when it was first seen. */
  readonly born: Map<string, number>;
  readonly controls: ControlModel;
}

/** A deployment has ended: as it really did, and by whom it may be ended. */
export function checkEnded(sim: Sim, deployment: Deployment, known: Known): void {
  checkEnd(sim, deployment);
  checkCancelled(sim, deployment, known);
}

/** Only a person cancels, and while there is something to be cancelled. */
function checkCancelled({ checks }: Sim, { id, image, state }: Deployment, { born, controls }: Known): void {
  if (state !== "cancelled") return;
  const at = controls.cancelledAt(image);
  const asked = at !== null && at >= (born.get(id) ?? 0);
  checks.expect("S23", asked, () => `${id} of ${image} is cancelled, and nobody asked for that`);
}

/** An end without a result rests on the end of the instance, or on nobody ever having begun. */
function checkEnd(sim: Sim, deployment: Deployment): void {
  const { checks, truth } = sim;
  const { id, state, holder, kind } = deployment;
  sim.tell(
    `${id} of ${deployment.image} is ${state}${deployment.failure === null ? "" : ` (${deployment.failure.code})`}`,
  );
  if (state !== "superseded" && deployment.launchedAt !== null) {
    if (kind === "terraform") sim.stats.deployments += 1;
    else sim.stats.refreshes += 1;
  }
  if (kind !== "terraform" || deployment.launchedAt === null) return;
  const apply = truth.applies.get(id);
  const live = apply?.end === "running";
  checks.expect("S2", !live, () => `${id} is ${state} while its Terraform applies`);
  const result = sim.own.s3.read(BUCKET, `runs/${id}/result.json`);
  if (holder !== null && result === null && (state === "lost" || state === "unknown" || state === "cancelled")) {
    const gone = truth.gone.has(holder.instance) || truth.harmed.has(holder.instance);
    checks.expect("S17", gone, () => `${id} is ${state} for the end of ${holder.instance}, which has not ended`);
  }
  const bad = apply !== undefined && ["killed", "crashed", "unsaved"].includes(apply.end);
  const blocking = state === "unknown" || state === "state-unsaved";
  checks.expect("S8", !bad || blocking, () => `${id} is ${state}, and its Terraform was ${apply?.end}`);
  if (state === "never-started") {
    checks.expect("S2", apply === undefined, () => `${id} never started, and its Terraform ${apply?.end}`);
  }
}
