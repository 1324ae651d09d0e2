import type { ImageView, Standing } from "@windlass/area-view";
import type { AreaStatus } from "./api.ts";
import { imagesOf } from "./standings.ts";

export interface ImageFilter {
  /** Every word must be part of the image's name. */
  readonly text: string;
  /** In one of its areas at least; none: whatever it is. */
  readonly standings: readonly Standing[];
}

/** One image in every area, in the board's order; null where an area can not be read or does not have it. */
export interface ImageRow {
  readonly image: string;
  readonly views: readonly (ImageView | null)[];
}

/** The images of all areas, in the mapping's order, side by side. */
export function arrangeRows(areas: readonly AreaStatus[]): readonly ImageRow[] {
  const byArea = areas.map((area) => new Map(imagesOf(area).map((view) => [view.image, view])));
  const names = new Set(byArea.flatMap((images) => [...images.keys()]));
  return [...names].map((image) => ({ image, views: byArea.map((images) => images.get(image) ?? null) }));
}

export function filterRows(rows: readonly ImageRow[], { text, standings }: ImageFilter): readonly ImageRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    ({ image, views }) =>
      words.every((word) => image.toLowerCase().includes(word)) &&
      (standings.length === 0 || views.some((view) => view !== null && standings.includes(view.standing))),
  );
}
