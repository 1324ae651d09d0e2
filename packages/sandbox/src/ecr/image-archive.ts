import type { SandboxClock } from "../core/clock.ts";
import type { StoredImage } from "./ecr-state.ts";

/** Restoring takes up to 20 minutes (ECR guide, "Restoring an archived image"). */
const restoreMs = 20 * 60_000;

/** Moves an image to the archive: default listings no longer show it and it can not be pulled. */
export function archiveImage(image: StoredImage, clock: SandboxClock): void {
  image.status = "ARCHIVED";
  image.archivedAt = clock.now();
}

/** Begins to bring an archived image back; it is active a while later. */
export function restoreImage(image: StoredImage, clock: SandboxClock): void {
  if (image.status !== "ARCHIVED") return;
  const { archivedAt } = image;
  image.status = "ACTIVATING";
  clock.schedule(restoreMs, () => {
    if (image.status !== "ACTIVATING" || image.archivedAt !== archivedAt) return;
    image.status = "ACTIVE";
    image.activatedAt = clock.now();
  });
}
