import type { Image } from "@windlass/account-mapping";
import { attemptsAt, attemptsMade, INTERRUPTED_RETRIES } from "./attempts.ts";
import type { TickContext } from "./context.ts";
import { dependenciesOf, unsettledDependency } from "./dependencies.ts";
import { isWaiting } from "./draft.ts";
import { isFuture } from "./identifiers.ts";
import type { Deployment } from "./ledger.ts";
import type { Reason } from "./reason.ts";

/** A deployment that waits, and what the mapping says of its image. */
export interface Waiting<Kind extends Image["kind"] = Image["kind"]> {
  readonly deployment: Deployment;
  readonly image: Extract<Image, { kind: Kind }>;
}

/** Those of one kind that may start as far as `gateOf` is concerned: longest waiting first, then dependencies, then by name. */
export function readyToStart<Kind extends Image["kind"]>(context: TickContext, kind: Kind): readonly Waiting<Kind>[] {
  return Object.entries(context.slice.images)
    .flatMap(([name, image]) => {
      const deployment = context.draft.activeOf(name);
      if (image.kind !== kind || deployment === undefined || !isWaiting(deployment)) return [];
      const waiting = { deployment, image: image as Extract<Image, { kind: Kind }> };
      return gateOf(context, waiting) === null ? [waiting] : [];
    })
    .toSorted(({ deployment: one }, { deployment: other }) => {
      const depth = (image: string) => dependenciesOf(context, image).length;
      return (
        one.waitingSince.localeCompare(other.waitingSince) ||
        depth(one.image) - depth(other.image) ||
        one.image.localeCompare(other.image)
      );
    });
}

/** Why a waiting deployment of any kind may not start now; null where only its group can still be in the way. */
export function gateOf(context: TickContext, waiting: Waiting): Reason | null {
  const { image } = waiting.deployment;
  return unreadableGate(context, image) ?? dependencyGate(context, image) ?? timeGate(context, waiting);
}

/** A failed read never leads to a start: the tag may have moved, or a hold may be waiting to be read. */
function unreadableGate({ observation, draft }: TickContext, image: string): Reason | null {
  if (observation.controls.kind === "unreadable") return { kind: "unreadable", what: "the controls" };
  const reading = observation.heads[image];
  const known = reading !== undefined && reading.kind !== "unreadable";
  return known || draft.image(image).hold !== null ? null : { kind: "unreadable", what: "its head" };
}

function dependencyGate(context: TickContext, image: string): Reason | null {
  const unsettled = unsettledDependency(context, image);
  return unsettled === null ? null : { kind: "waiting-dependency", ...unsettled };
}

function timeGate({ draft, now, window }: TickContext, { deployment, image }: Waiting): Reason | null {
  const { deployNow } = draft.image(deployment.image);
  const attempts = attemptsAt(draft.image(deployment.image), deployment.digest);
  if (attempts?.notBefore != null && isFuture(attempts.notBefore, now)) {
    const { outcome } = attempts.last;
    const of = 1 + (outcome === "failed" ? image.retries : INTERRUPTED_RETRIES);
    return { kind: "waiting-retry", notBefore: attempts.notBefore, outcome, attempt: attemptsMade(attempts) + 1, of };
  }
  if (window.kind === "open" || deployNow !== null) return null;
  return { kind: "waiting-window", opensAt: window.opensAt, freeze: window.freeze };
}
