import type { FuzzReport } from "./fuzz-target.ts";

/** Of an input in this many, one at least must come to the reader. */
const LEAST_READ = 0.5;
/** With fewer cases, chance alone may leave out one or the other. */
const FEWEST_CASES = 500;

/** Why a run says nothing about its reader, though no promise was broken; null where it does. */
export function findIdleness({ accepted, refused, unread }: FuzzReport): string | null {
  const read = accepted + refused;
  const cases = read + unread;
  if (cases < FEWEST_CASES) return null;
  if (read < LEAST_READ * cases) return `only ${read} of ${cases} inputs came to the reader`;
  if (accepted === 0) return "no input was accepted";
  return refused === 0 ? "no input was refused" : null;
}
