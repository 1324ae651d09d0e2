import type { Spread } from "@windlass/area-view";
import type { VNode } from "preact";
import { formatDuration } from "./format-age.ts";

interface RestoreChartProps {
  readonly label: string;
  readonly restore: Spread;
}

/** The median as a part of what nine of ten are within. */
export function RestoreChart({ label, restore: { medianSeconds, p90Seconds } }: RestoreChartProps): VNode {
  const part = medianSeconds === null || p90Seconds === null ? 0 : medianSeconds / Math.max(1, p90Seconds);
  const words =
    medianSeconds === null || p90Seconds === null
      ? "nothing was restored"
      : `median ${formatDuration(medianSeconds)}, nine of ten within ${formatDuration(p90Seconds)}`;
  return (
    <figure class="chart">
      <svg viewBox="0 0 280 56" preserveAspectRatio="none" role="img" aria-label={`${label}: ${words}`}>
        {p90Seconds !== null && <rect class="bar tone-track" x="0" y="22" width="280" height="14" rx="2" />}
        {part > 0 && <rect class="bar tone-held" x="0" y="22" width={Math.round(280 * part)} height="14" rx="2" />}
      </svg>
      <figcaption>
        <span>{medianSeconds === null ? "" : "median"}</span>
        <span>{p90Seconds === null ? "" : `nine of ten: ${formatDuration(p90Seconds)}`}</span>
      </figcaption>
    </figure>
  );
}
