import { type Path, valueAt } from "./path.ts";

/** Whether a key or its value is meant. */
export type Part = "key" | "value";

export interface Place {
  /** From 1; null where the mapping did not come as text. */
  readonly line: number | null;
  readonly column: number | null;
  /** Sorts places as they follow each other in the file. */
  readonly order: readonly number[];
}

/** A value, and where in its file each part of it stands. */
export interface MappingDocument {
  readonly value: unknown;
  /** Where the path leads; the nearest place above it where the path leads nowhere. */
  placeOf(path: Path, part: Part): Place;
  /** A number, true, false or null as the file writes it; null for everything else. */
  textAt(path: Path): string | null;
}

/** The document of a value that did not come as text: it has no lines, only an order. */
export function plainDocument(value: unknown): MappingDocument {
  return {
    value,
    placeOf: (path) => ({ line: null, column: null, order: indexesAlong(value, path) }),
    textAt: () => null,
  };
}

// What is above a place comes before it, and so before a key that is not there.
const ABOVE = -2;

/** Negative where the first place comes before the second. */
export function comparePlaces(first: Place, second: Place): number {
  for (let index = 0; index < Math.max(first.order.length, second.order.length); index += 1) {
    const difference = (first.order[index] ?? ABOVE) - (second.order[index] ?? ABOVE);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** How many-eth entry each step of the path is. A key that is not there comes before those that are. */
function indexesAlong(value: unknown, path: Path): readonly number[] {
  return path.map((step, depth) => {
    const parent = valueAt(value, path.slice(0, depth));
    return typeof parent === "object" && parent !== null ? Object.keys(parent).indexOf(String(step)) : -1;
  });
}
