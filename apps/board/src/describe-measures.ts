import type { DeliveryMeasures, Spread } from "@windlass/area-view";
import { formatDuration } from "./format-age.ts";

type Words = readonly [value: string, more: string];

/** Frequency, lead time, failure rate and time to restore: the number that counts, and what stands behind it. */
export function describeMeasures(measures: DeliveryMeasures): readonly [Words, Words, Words, Words] {
  const { frequency, leadTime, failures, restore } = measures;
  const rate = failures.rate === null ? "none yet" : `${Math.round(failures.rate * 100)} %`;
  return [
    [describeFrequency(frequency.perDay), `${frequency.succeeded} succeeded`],
    [
      medianOf(leadTime),
      `${spreadOf(leadTime)}${leadTime.unmeasured > 0 ? `, ${leadTime.unmeasured} not measured` : ""}`,
    ],
    [rate, `${failures.failed} of ${failures.ended} failed`],
    [medianOf(restore), `${spreadOf(restore)}${restore.open > 0 ? `, ${restore.open} not restored yet` : ""}`],
  ];
}

function describeFrequency(perDay: number): string {
  if (perDay === 0) return "none yet";
  if (perDay >= 1) return `${round(perDay)} a day`;
  return perDay * 7 >= 1 ? `${round(perDay * 7)} a week` : `${round(perDay * 30)} a month`;
}

function medianOf({ medianSeconds }: Spread): string {
  return medianSeconds === null ? "none yet" : formatDuration(medianSeconds);
}

function spreadOf({ count, p90Seconds }: Spread): string {
  return p90Seconds === null
    ? `${count} measured`
    : `median of ${count}, nine of ten within ${formatDuration(p90Seconds)}`;
}

function round(value: number): string {
  return value >= 10 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}
