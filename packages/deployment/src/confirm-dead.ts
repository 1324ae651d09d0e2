import type { TickContext } from "./context.ts";
import { type Draft, startOf } from "./draft.ts";
import { toInstant } from "./identifiers.ts";
import { sightInstance } from "./instance-sighting.ts";
import type { Deployment, ImageRecord } from "./ledger.ts";
import { MOST_DEAD } from "./run-records.ts";

/** Whatever a deployment has locked stays locked when its instance is gone: only of these may a lock be broken. */
export function rememberDead(draft: Draft, dead: ImageRecord["dead"][number], image: string): void {
  draft.updateImage(image, { dead: [...draft.image(image).dead, dead].slice(-MOST_DEAD) });
}

/**
 * A deployment that told how it ended, but not that it succeeded, may have left its lock, too: its Terraform was killed, say.
 * Its instance may be working yet, so EC2 is asked until it is gone.
 */
export function rememberLeaving(draft: Draft, deployment: Deployment): void {
  const { id, image, holder } = deployment;
  if (holder === null) return;
  const leaving = { deployment: id, instance: holder.instance, since: startOf(deployment), unknownSince: null };
  draft.updateImage(image, { leaving: [...draft.image(image).leaving, leaving].slice(-MOST_DEAD) });
}

/** Counts those among the dead whose instance EC2 now says is gone. */
export function confirmDead({ draft, observation, now }: TickContext): void {
  for (const [image, { leaving }] of draft.images()) {
    if (leaving.length === 0) continue;
    const seen = leaving.map((one) => ({ ...one, ...sightInstance(observation.instances[one.instance], one, now) }));
    draft.updateImage(image, { leaving: seen.filter(({ gone }) => !gone).map(({ gone: _, ...one }) => one) });
    for (const { gone, deployment, instance } of seen) {
      if (gone) rememberDead(draft, { deployment, instance, at: toInstant(now) }, image);
    }
  }
}
