import type { TickContext } from "./context.ts";
import { targetOf } from "./context.ts";

/** Takes over the heads that were read. What is absent or could not be read changes nothing. */
export function observeHeads(context: TickContext): void {
  for (const image of Object.keys(context.slice.images)) observeHead(context, image);
}

function observeHead(context: TickContext, image: string): void {
  const { draft, observation } = context;
  const reading = observation.heads[image];
  if (reading === undefined) return;
  switch (reading.kind) {
    case "head":
      if (draft.image(image).head?.digest !== reading.head.digest) draft.updateImage(image, { head: reading.head });
      return;
    case "absent": {
      const known = draft.image(image).head;
      if (known !== null) draft.note("tag-gone", image, `${image} lost its tag; its head stays ${known.digest}`);
      else if (reading.missing === "repository") draft.note("repository-absent", image, `${image} has no repository`);
      return;
    }
    case "unreadable":
      draft.note("head-unreadable", image, `the head of ${image} could not be read: ${reading.message}`);
      return;
  }
}

/** Forgets what belonged to a target that is no longer the image's. */
export function forgetOldTargets(context: TickContext): void {
  for (const image of Object.keys(context.slice.images)) {
    const { attempts, deployNow, head } = context.draft.image(image);
    const digest = targetOf(context, image)?.digest;
    // A hold does not make the head's failures forgotten: after the unhold it is the target again.
    const forgotten = attempts !== null && attempts.digest !== digest && attempts.digest !== head?.digest;
    if (forgotten) context.draft.updateImage(image, { attempts: null });
    if (deployNow !== null && deployNow.digest !== digest) context.draft.updateImage(image, { deployNow: null });
  }
}
