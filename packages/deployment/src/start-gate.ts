import type { Image } from "@windlass/account-mapping";
import type { TickContext } from "./context.ts";
import { dependenciesOf } from "./dependencies.ts";
import { isWaiting } from "./draft.ts";
import { GATE_RULES } from "./gate-rules.ts";
import type { Deployment } from "./ledger.ts";
import { firstStop } from "./rule.ts";

/** A deployment that waits, and what the mapping says of its image. */
export interface Waiting<Kind extends Image["kind"] = Image["kind"]> {
  readonly deployment: Deployment;
  readonly image: Extract<Image, { kind: Kind }>;
}

/** Those of one kind that may start as far as their groups are not concerned: longest waiting first, then dependencies, then by name. */
export function readyToStart<Kind extends Image["kind"]>(context: TickContext, kind: Kind): readonly Waiting<Kind>[] {
  return Object.entries(context.slice.images)
    .flatMap(([name, image]) => {
      const deployment = context.draft.activeOf(name);
      if (image.kind !== kind || deployment === undefined || !isWaiting(deployment)) return [];
      const waiting = { deployment, image: image as Extract<Image, { kind: Kind }> };
      return firstStop(GATE_RULES, context, { name, image }) === null ? [waiting] : [];
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
