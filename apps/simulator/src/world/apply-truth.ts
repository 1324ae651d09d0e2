import type { Claim, Lease, Ledger } from "@windlass/deployment";
import type { Sim } from "../core/sim.ts";
import { readRecord } from "./bucket.ts";
import { DEPLOY_GROUP, REGION } from "./names.ts";
import type { Apply } from "./truth.ts";

export interface ApplyStart {
  readonly deployment: string;
  readonly image: string;
  readonly digest: string;
  readonly instance: string;
  readonly nonce: string;
  /** Serial of the state that Terraform begins with; null where it is not known to the runner. */
  readonly serial: number | null;
}

/** Terraform begins to change the world: whatever allows it to is checked against what is really so. */
export function beginApply(sim: Sim, start: ApplyStart): Apply {
  const { truth, checks, scheduler } = sim;
  const { deployment, image, digest, instance } = start;
  const others = [...truth.live].map((one) => `${one.deployment} of ${one.image}`).join(", ");
  checks.expect("S1", truth.live.size === 0, () => `${deployment} begins to apply beside ${others}`);
  checkClaim(sim, start);
  checkDecision(sim, start);
  checkDisturbance(sim, start);
  const { serial } = truth.states.get(image) ?? { serial: 0 };
  const known = start.serial === null || start.serial >= serial;
  checks.expect(
    "S8",
    known,
    () => `${deployment} begins with state ${start.serial} of ${image}, which is at ${serial}`,
  );
  const apply: Apply = {
    deployment,
    image,
    digest,
    instance,
    startedAt: scheduler.now(),
    end: "running",
    endedAt: null,
  };
  truth.live.add(apply);
  truth.applies.set(deployment, apply);
  sim.stats.applies += 1;
  sim.tell(`terraform of ${deployment} begins to apply ${image} on ${instance}`);
  return apply;
}

function checkClaim(sim: Sim, { deployment, nonce, digest }: ApplyStart): void {
  const { checks } = sim;
  const claim = readRecord<Claim>(sim, `runs/${deployment}/claim.json`);
  checks.expect("S1", claim?.nonce === nonce, () => `${deployment} is applied by somebody who does not hold its claim`);
  const lease = readRecord<Lease>(sim, `runs/${deployment}/lease.json`);
  const stored = lease?.nonce === nonce && (lease.phase === "applying" || lease.phase === "saving");
  checks.expect("S8", stored, () => `${deployment} applies while its lease says ${lease?.phase ?? "nothing"}`);
  const assignment = readRecord<{ readonly digest: string }>(sim, `runs/${deployment}/assignment.json`);
  checks.expect(
    "S3",
    assignment?.digest === digest,
    () => `${deployment} runs ${digest}, and was assigned ${assignment?.digest}`,
  );
}

/** The ledger knows of it, means this digest, and has not ended it; nothing takes the instance away for its capacity. */
function checkDecision(sim: Sim, { deployment, digest, instance }: ApplyStart): void {
  const { checks } = sim;
  const decided = readRecord<Ledger>(sim, "ledger.json")?.deployments[deployment];
  const active = decided?.state === "launching" || decided?.state === "running";
  checks.expect(
    "S1",
    active,
    () => `${deployment} begins to apply, and for the ledger it is ${decided?.state ?? "unknown"}`,
  );
  checks.expect(
    "S3",
    decided?.digest === digest,
    () => `${deployment} runs ${digest}, and ${decided?.digest} was decided`,
  );
  const members = sim.own.autoScaling(REGION).group(DEPLOY_GROUP)?.instances ?? [];
  const member = members.find(({ id }) => id === instance);
  const safe = member === undefined || member.lifecycle !== "InService" || member.protectedFromScaleIn;
  checks.expect("S6", safe, () => `${deployment} applies on ${instance}, which is not protected from scale-in`);
}

/** After an end that nobody can vouch for, only a person lets the image be applied again. */
function checkDisturbance({ truth, checks }: Sim, { deployment, image }: ApplyStart): void {
  const before = truth.disturbed.get(image);
  if (before === undefined) return;
  const released = truth.controls.some(
    ({ kind, image: of, placedAt, appliedAt }) =>
      kind === "unblock" && of === image && Math.max(placedAt, appliedAt ?? 0) >= before.at,
  );
  checks.expect(
    "S8",
    released,
    () => `${deployment} applies ${image} though ${before.deployment} ${before.why}, and nobody unblocked it`,
  );
  truth.disturbed.delete(image);
}

/** Terraform's end, whichever it was. */
export function endApply(sim: Sim, apply: Apply, end: Exclude<Apply["end"], "running">): void {
  const { truth, scheduler } = sim;
  if (!truth.live.delete(apply)) return;
  apply.end = end;
  apply.endedAt = scheduler.now();
  sim.tell(`terraform of ${apply.deployment} ${end}`);
  if (end === "succeeded" || end === "failed") return;
  const { deployment, image } = apply;
  truth.disturbed.set(image, { deployment, at: scheduler.now(), why: `was ${end}` });
}
