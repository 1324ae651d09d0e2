import type { Summary } from "./summary.ts";

/** So many seeds have every fault, and check every invariant. */
const MANY_SEEDS = 200;
/** So does whatever runs for so long. */
const LONG_SECONDS = 30 * 60;

export interface Judged {
  readonly held: boolean;
  /** What kept it from holding, besides violations; each is a line. */
  readonly gaps: readonly string[];
}

/**
 * Whether a run has shown what it is there to show: nothing was violated, and in a large one every fault has struck and every
 * invariant was checked.
 */
export function judge(
  summary: Pick<Summary, "failed" | "unfired" | "unchecked" | "seeds">,
  seconds: number | null,
): Judged {
  const [unfired, unchecked] = [summary.unfired(), summary.unchecked()];
  const gaps = [
    ...(unfired.length === 0 ? [] : [`never fired: ${unfired.join(", ")}`]),
    ...(unchecked.length === 0 ? [] : [`never checked: ${unchecked.join(", ")}`]),
  ];
  const isLarge = summary.seeds() >= MANY_SEEDS || (seconds !== null && seconds >= LONG_SECONDS);
  return { held: summary.failed().length === 0 && (gaps.length === 0 || !isLarge), gaps };
}
