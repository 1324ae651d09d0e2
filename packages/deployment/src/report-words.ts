import type { DeploymentReport } from "./deployment-report.ts";
import { isBlocking } from "./outcome.ts";
import type { PlanCounts } from "./run-records.ts";

/** An area as people write it, and as its environment is called: `Production`. */
export function areaTitle(area: string): string {
  return area.charAt(0).toUpperCase() + area.slice(1);
}

/** `+3 ~1 -0`: added, changed, destroyed. */
export function describePlan({ add, change, destroy }: PlanCounts): string {
  return `+${add} ~${change} -${destroy}`;
}

/** How long a deployment took: `2 min 30 s`; null where it has not ended, or was never launched. */
export function describeDuration({ startedAt, endedAt }: DeploymentReport): string | null {
  if (startedAt === null || endedAt === null) return null;
  const seconds = Math.max(0, Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000));
  const minutes = Math.floor(seconds / 60);
  return `${minutes > 0 ? `${minutes} min ` : ""}${seconds % 60} s`;
}

/** What becomes of it next, in one sentence. */
export function describeNext(report: DeploymentReport): string {
  const { stage, outcome, retryAt, image, area } = report;
  if (stage === "waiting") return report.waitingFor === null ? "It waits." : `It waits: ${report.waitingFor}.`;
  if (stage === "running") return "It is being deployed.";
  if (retryAt !== null) return `It is tried again by itself, at ${retryAt}.`;
  if (isBlocking(outcome))
    return `${image} is blocked in ${areaTitle(area)} until a person has looked and unblocks it.`;
  switch (outcome) {
    case "succeeded": {
      const changed = report.noop ? "There was nothing to change. " : "";
      const live = report.isLive
        ? `It is live in ${areaTitle(area)}.`
        : "It was live; another deployment has taken its place.";
      return `${changed}${live}`;
    }
    case "superseded":
      return "A newer head has taken its place before it began.";
    case "cancelled":
      return "A person cancelled it.";
    default:
      return "It is not tried again until there is a new head, or a person asks for it.";
  }
}

/** That it broke a state lock, and why it was right to, in one sentence; null where it broke none. */
export function describeBrokenLock({ brokenLock }: DeploymentReport): string | null {
  if (brokenLock === null) return null;
  return `It broke the state lock of ${brokenLock.holder}, whose instance EC2 has confirmed terminated.`;
}

/** The exact command with which a person lets a failed deployment be tried again. */
export function retryCommand({ outcome, image, area }: DeploymentReport): string {
  return `windlass ${isBlocking(outcome) ? "unblock" : "retry"} ${image} --area ${area} --reason "..."`;
}

/** The exact command with which a person reads a deployment's whole log. */
export function logsCommand({ deployment }: DeploymentReport): string {
  return `windlass logs ${deployment}`;
}

/** The exact command with which a person goes back to the last good digest, and stays there; null where there is none. */
export function holdCommand({ image, area, lastGood }: DeploymentReport): string | null {
  return lastGood === null ? null : `windlass hold ${image} --area ${area} --digest ${lastGood.digest} --reason "..."`;
}
