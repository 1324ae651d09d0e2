import { rememberDead } from "./confirm-dead.ts";
import type { TickContext } from "./context.ts";
import { type Draft, startOf } from "./draft.ts";
import { endDeployment } from "./end-deployment.ts";
import { type DeploymentId, toInstant } from "./identifiers.ts";
import { isSeenTwice, sightInstance } from "./instance-sighting.ts";
import type { Deployment, Request } from "./ledger.ts";
import type { RunReading } from "./observation.ts";
import { mayHaveChangedTheWorld } from "./outcome.ts";
import type { Lease, Phase } from "./run-records.ts";

/** By S3's own clock. */
export const LEASE_EXPIRY_SECONDS = 5 * 60;

type Run = Extract<RunReading, { kind: "run" }>;

type Holder = NonNullable<Deployment["holder"]>;

/** A deployment that somebody claimed. */
export interface Held {
  readonly deployment: Deployment;
  readonly holder: Holder;
}

/** Watches a claimed deployment: its phase, its lease, and whether its instance still exists. */
export function watchHolder(context: TickContext, { deployment, holder }: Held, run: Run): void {
  const lease = leaseOf(deployment, run);
  const known = context.draft.updateDeployment(deployment.id, {
    phase: phaseOf(deployment, run),
    progress: lease?.progress ?? deployment.progress,
  });
  if (known.cancel !== null) requestCancel(context.draft, known.id, known.cancel);
  const watched = watchInstance(context, { deployment: known, holder });
  if (watched !== null) watchLease(context, { deployment: watched, holder }, leaseAge(run, lease));
}

/** The last phase that the claim's holder has stored. */
export function phaseOf(deployment: Deployment, run: Run): Phase {
  // What can not be read may say that apply began.
  if (run.lease.kind === "invalid") return "applying";
  return leaseOf(deployment, run)?.phase ?? deployment.phase ?? "claimed";
}

/** The lease that its holder wrote; null where there is none, or none that can be read. */
function leaseOf({ epoch, holder }: Deployment, run: Run): Lease | null {
  if (run.lease.kind !== "present") return null;
  const lease = run.lease.value;
  return lease.nonce === holder?.nonce && lease.epoch === epoch ? lease : null;
}

/** Seconds since the holder's last sign of life; null where it can not be told. The claim is the first lease. */
function leaseAge(run: Run, own: Lease | null): number | null {
  if (run.lease.kind === "present" && own !== null) return run.lease.ageSeconds;
  if (run.lease.kind === "invalid") return run.lease.ageSeconds;
  return run.claim.kind === "present" ? run.claim.ageSeconds : null;
}

/** Asks the runner to stop; repeated in each tick until the run ends. */
export function requestCancel(draft: Draft, deployment: DeploymentId, { by, reason, at }: Request): void {
  draft.act({ kind: "request-cancel", cancel: { schema: 1, deployment, by, reason, at } });
}

/** Ends a deployment whose instance EC2 says is gone. Returns the deployment, or null where it ended. */
function watchInstance(context: TickContext, { deployment, holder }: Held): Deployment | null {
  const { draft, now, observation } = context;
  const reading = observation.instances[holder.instance];
  if (reading?.kind === "unreadable") {
    draft.note("instance-unreadable", deployment.image, `EC2 could not be asked: ${reading.message}`);
  }
  const known = { since: startOf(deployment), unknownSince: deployment.instanceUnknownSince };
  const { gone, unknownSince } = sightInstance(reading, known, now);
  const seen = draft.updateDeployment(deployment.id, { instanceUnknownSince: unknownSince });
  if (!gone) return seen;
  endWithInstance(context, { deployment: seen, holder });
  return null;
}

function endWithInstance({ draft, now }: TickContext, { deployment, holder }: Held): void {
  const { phase } = deployment;
  const { instance } = holder;
  rememberDead(draft, { deployment: deployment.id, instance, at: toInstant(now) }, deployment.image);
  if (mayHaveChangedTheWorld(phase)) {
    const failure = {
      code: "instance-gone-while-applying",
      message: `instance ${instance} ended while ${phase}: what was applied is not known`,
      hint: "look at the run's logs and at Terraform's state, then unblock the image",
    };
    endDeployment(draft, deployment, { outcome: "unknown", failure }, now);
    return;
  }
  const failure = {
    code: "instance-gone",
    message: `instance ${instance} ended while ${phase}, before anything was applied`,
    hint: null,
  };
  endDeployment(draft, deployment, { outcome: deployment.cancel === null ? "lost" : "cancelled", failure }, now);
}

/** Ends the instance of a lease that two ticks in a row saw expired; stops as soon as it is renewed. */
function watchLease({ draft, now }: TickContext, { deployment, holder }: Held, ageSeconds: number | null): void {
  if (ageSeconds === null) {
    draft.note("lease-unknown", deployment.image, `how old the lease of ${deployment.id} is can not be told`);
    return;
  }
  if (ageSeconds < LEASE_EXPIRY_SECONDS) {
    draft.updateDeployment(deployment.id, { leaseExpiredSince: null, endingSince: null });
    return;
  }
  const leaseExpiredSince = deployment.leaseExpiredSince ?? toInstant(now);
  draft.note(
    "lease-expired",
    deployment.image,
    `${deployment.id} gave no sign of life for ${Math.round(ageSeconds)} s`,
  );
  const twice = isSeenTwice(leaseExpiredSince, now);
  const endingSince = twice ? (deployment.endingSince ?? toInstant(now)) : null;
  draft.updateDeployment(deployment.id, { leaseExpiredSince, endingSince });
  if (!twice) return;
  draft.act({
    kind: "terminate",
    instance: holder.instance,
    decrement: true,
    unlessRenewed: deployment.id,
    reason: `lease of ${deployment.id} expired`,
  });
}
