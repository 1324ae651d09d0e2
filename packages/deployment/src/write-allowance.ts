import { toInstant } from "./identifiers.ts";
import type { DeliveryRecord } from "./report-record.ts";

/**
 * GitHub takes at most 80 writes a minute and 500 an hour from an App before it refuses more:
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 * So many at once, and so many an hour after them, stay below both, whenever the minute or the hour begins.
 */
const MOST_AT_ONCE = 60;
const WRITES_PER_HOUR = 400;
const HOUR_MS = 60 * 60_000;

export function newDelivery(now: Date): DeliveryRecord {
  return { until: null, writes: MOST_AT_ONCE, at: toInstant(now), pause: null };
}

/** Whole writes that may be made now. */
export function writesLeft({ writes, at }: DeliveryRecord, now: Date): number {
  return Math.floor(refilled(writes, at, now));
}

/** Takes writes out before they are made, so that a tick that dies in between can not let the next one make too many. */
export function takeWrites(delivery: DeliveryRecord, taken: number, now: Date): DeliveryRecord {
  return { ...delivery, writes: Math.max(0, refilled(delivery.writes, delivery.at, now) - taken), at: toInstant(now) };
}

/** Puts back what was taken out and not made. */
export function returnWrites(delivery: DeliveryRecord, unused: number): DeliveryRecord {
  return { ...delivery, writes: Math.min(MOST_AT_ONCE, delivery.writes + unused) };
}

function refilled(writes: number, at: string, now: Date): number {
  const passed = Math.max(0, now.getTime() - Date.parse(at));
  return Math.min(MOST_AT_ONCE, writes + (passed / HOUR_MS) * WRITES_PER_HOUR);
}
