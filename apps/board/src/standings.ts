import type { ImageView, Standing } from "@windlass/area-view";
import type { AreaStatus } from "./api.ts";

/** What needs people comes first. */
export const STANDINGS: readonly Standing[] = ["blocked", "failed", "held", "waiting", "deploying", "live", "none"];

export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  live: "live",
  deploying: "deploying",
  waiting: "waiting",
  held: "held",
  failed: "failed",
  blocked: "blocked",
  none: "nothing yet",
};

export type StandingCounts = Readonly<Partial<Record<Standing, number>>>;

export function countStandings(images: readonly Pick<ImageView, "standing">[]): StandingCounts {
  const counts: Partial<Record<Standing, number>> = {};
  for (const { standing } of images) counts[standing] = (counts[standing] ?? 0) + 1;
  return counts;
}

export function imagesOf(area: AreaStatus): readonly ImageView[] {
  return area.kind === "area" ? area.images : [];
}
