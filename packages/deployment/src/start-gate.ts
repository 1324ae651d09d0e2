import { attemptsMade, INTERRUPTED_RETRIES } from "./attempts.ts";
import { imageOf, type TickContext } from "./context.ts";
import { unsettledDependency } from "./dependencies.ts";
import type { Deployment, Outcome } from "./ledger.ts";
import type { Reason } from "./reason.ts";

/** Why a waiting deployment of any kind may not start now; null where only its group can still be in the way. */
export function gateOf(context: TickContext, deployment: Deployment): Reason | null {
  return unreadableGate(context, deployment) ?? dependencyGate(context, deployment) ?? timeGate(context, deployment);
}

/** A failed read never leads to a start: the tag may have moved, or a hold may be waiting to be read. */
function unreadableGate({ observation, draft }: TickContext, { image }: Deployment): Reason | null {
  if (observation.controls.kind === "unreadable") return { kind: "unreadable", what: "the controls" };
  const reading = observation.heads[image];
  const known = reading !== undefined && reading.kind !== "unreadable";
  return known || draft.image(image).hold !== null ? null : { kind: "unreadable", what: "its head" };
}

function dependencyGate(context: TickContext, { image }: Deployment): Reason | null {
  const unsettled = unsettledDependency(context, image);
  return unsettled === null ? null : { kind: "waiting-dependency", ...unsettled };
}

function timeGate({ draft, now, slice, window }: TickContext, { image }: Deployment): Reason | null {
  const { attempts, deployNow } = draft.image(image);
  if (attempts?.notBefore != null && Date.parse(attempts.notBefore) > now.getTime()) {
    const retries = imageOf({ slice }, image)?.retries ?? 0;
    const outcome = (attempts.last?.outcome ?? "failed") as Outcome;
    const of = 1 + (outcome === "failed" ? retries : INTERRUPTED_RETRIES);
    return { kind: "waiting-retry", notBefore: attempts.notBefore, outcome, attempt: attemptsMade(attempts) + 1, of };
  }
  if (window.kind === "open" || deployNow !== null) return null;
  return { kind: "waiting-window", opensAt: window.opensAt, freeze: window.freeze };
}

/** Those that may start, in the order in which they should: longest waiting first, then dependencies, then by name. */
export function inStartOrder(
  deployments: readonly Deployment[],
  depth: (image: string) => number,
): readonly Deployment[] {
  return deployments.toSorted(
    (one, other) =>
      one.waitingSince.localeCompare(other.waitingSince) ||
      depth(one.image) - depth(other.image) ||
      one.image.localeCompare(other.image),
  );
}
