import type { ImageView, PromotionView } from "@windlass/area-view";
import type { AreaStatus, BoardEvent, ReadableArea } from "./api.ts";

/** Everything that the pages know, as of the last event. */
export type Board = Pick<BoardEvent, "at" | "workload" | "order" | "guarded" | "areas" | "promotion">;

/**
 * The board after an event, which has those areas alone that are otherwise than they were. What says the same stays the
 * same object, so that only cells that changed are drawn again.
 */
export function mergeBoard(board: Board | null, event: BoardEvent): Board {
  const { at, workload, order, guarded } = event;
  const areas = order.flatMap((name) => {
    const before = board?.areas.find(({ area }) => area === name);
    const now = event.areas.find(({ area }) => area === name) ?? before;
    return now === undefined ? [] : [keepArea(before, now)];
  });
  const promotion = mergePromotion(board?.promotion ?? [], event);
  if (board === null) return { at, workload, order, guarded, areas, promotion };
  return {
    ...{ at, workload, order, guarded },
    areas: keepList(board.areas, areas),
    promotion: keepList(board.promotion, promotion),
  };
}

function keepList<Item>(before: readonly Item[], now: readonly Item[]): readonly Item[] {
  return before.length === now.length && now.every((item, index) => item === before[index]) ? before : now;
}

function keepArea(before: AreaStatus | undefined, now: AreaStatus): AreaStatus {
  if (before === now || before?.kind !== "area" || now.kind !== "area") return now;
  return { ...now, images: keepImages(before, now) };
}

function keepImages(before: ReadableArea, now: ReadableArea): readonly ImageView[] {
  const known = new Map(before.images.map((image) => [image.image, image]));
  return now.images.map((image) => keep(known.get(image.image), image));
}

/** A pair that an event leaves out has not changed, as long as both of its areas are neighbours still. */
function mergePromotion(before: readonly PromotionView[], { order, promotion }: BoardEvent): readonly PromotionView[] {
  return order.slice(1).flatMap((to, index) => {
    const isPair = (pair: PromotionView) => pair.from === order[index] && pair.to === to;
    const then = before.find(isPair);
    const now = promotion.find(isPair) ?? then;
    if (now === undefined) return [];
    const known = new Map(then?.images.map((image) => [image.image, image]));
    if (then === now) return [then];
    const images = keepList(
      then?.images ?? [],
      now.images.map((image) => keep(known.get(image.image), image)),
    );
    return [then !== undefined && images === then.images ? then : { ...now, images }];
  });
}

function keep<Value>(before: Value | undefined, now: Value): Value {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
