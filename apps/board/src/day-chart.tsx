import type { DeliveryDay } from "@windlass/area-view";
import type { VNode } from "preact";
import { chartBars } from "./chart-bars.ts";

const SIZE = { width: 280, height: 56 } as const;

interface DayChartProps {
  readonly label: string;
  readonly days: readonly DeliveryDay[];
  readonly tone: "live" | "deploying" | "failed";
  readonly measure: (day: DeliveryDay) => number | null;
}

/** A bar for each day; the numbers are in the table below it. */
export function DayChart({ label, days, tone, measure }: DayChartProps): VNode {
  const bars = chartBars(days.map(measure), SIZE);
  const [first, last] = [days[0]?.day, days.at(-1)?.day];
  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}, ${first} to ${last}`}
      >
        {bars.map((bar, index) => bar !== null && <rect key={days[index]?.day} class={`bar tone-${tone}`} {...bar} />)}
      </svg>
      <figcaption>
        <span>{first?.slice(5)}</span>
        <span>{last?.slice(5)}</span>
      </figcaption>
    </figure>
  );
}
