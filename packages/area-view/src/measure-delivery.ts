import type { Deployment, Outcome } from "@windlass/deployment";
import { secondsBetween } from "./view-history.ts";

/**
 * The four keys of delivery performance, over the deployments that ended in a span of time: how often, how fast, how
 * often badly, and for how long. https://dora.dev/guides/dora-metrics-four-keys/
 */
export interface DeliveryMeasures {
  /** ISO 8601; the second is exclusive. */
  readonly from: string;
  readonly to: string;
  /** Deployment frequency. */
  readonly frequency: { readonly succeeded: number; readonly perDay: number };
  /** From the push of a digest to its first success in this area. */
  readonly leadTime: Spread & {
    /** Successes whose push time is not known, or that were not the first of their digest: a rollback is no delivery. */
    readonly unmeasured: number;
  };
  /** Change failure rate. */
  readonly failures: { readonly ended: number; readonly failed: number; readonly rate: number | null };
  /** Time to restore: from an image's first failure to its next success. */
  readonly restore: Spread & {
    /** Images whose last failure no success has mended by the end. */ readonly open: number;
  };
  /** Each UTC day of the span, oldest first. */
  readonly days: readonly DeliveryDay[];
}

export interface Spread {
  readonly count: number;
  readonly medianSeconds: number | null;
  /** Nine of ten are not above it. */
  readonly p90Seconds: number | null;
}

export interface DeliveryDay {
  /** Such as `2026-11-24`. */
  readonly day: string;
  readonly succeeded: number;
  readonly failed: number;
  readonly leadMedianSeconds: number | null;
}

export interface DeliverySpan {
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
}

/** What people have to look at. What is tried again by itself and what was taken back says nothing about a change. */
const FAILURES: ReadonlySet<Outcome | Deployment["state"]> = new Set(["failed", "unknown", "state-unsaved"]);
const DAY_MS = 24 * 60 * 60_000;

/**
 * Measures the delivery of one area from its history. Deployments may come in any order; those before the span tell
 * which digests had been live, and which images were failing when it began.
 */
export function measureDelivery(history: readonly Deployment[], { from, to }: DeliverySpan): DeliveryMeasures {
  const ended = history
    .flatMap((deployment) => (deployment.endedAt === null ? [] : [{ ...deployment, endedAt: deployment.endedAt }]))
    .filter(({ endedAt }) => Date.parse(endedAt) < to.getTime())
    .toSorted((one, other) => Date.parse(one.endedAt) - Date.parse(other.endedAt) || one.epoch - other.epoch);
  const inSpan = ended.filter(isSince(from));
  const succeeded = inSpan.filter(({ state }) => state === "succeeded");
  const failed = inSpan.filter(({ state }) => FAILURES.has(state));
  const leads = leadTimes(ended).filter(isSince(from));
  const { restored, open } = restores(ended);
  const count = succeeded.length + failed.length;
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    frequency: { succeeded: succeeded.length, perDay: (succeeded.length * DAY_MS) / spanMs({ from, to }) },
    leadTime: { ...spread(leads), unmeasured: succeeded.length - leads.length },
    failures: { ended: count, failed: failed.length, rate: count === 0 ? null : failed.length / count },
    restore: { ...spread(restored.filter(isSince(from))), open },
    days: daysOf({ from, to }).map((day) => ({
      day,
      succeeded: succeeded.filter(isOn(day)).length,
      failed: failed.filter(isOn(day)).length,
      leadMedianSeconds: spread(leads.filter(isOn(day))).medianSeconds,
    })),
  };
}

type Ended = Deployment & { readonly endedAt: NonNullable<Deployment["endedAt"]> };

interface Measured {
  readonly endedAt: Ended["endedAt"];
  readonly seconds: number;
}

/** A digest that comes back is no delivery: only its first success is measured. */
function leadTimes(ended: readonly Ended[]): readonly Measured[] {
  const had = new Set<string>();
  return ended.flatMap(({ image, digest, state, pushedAt, endedAt }) => {
    const version = `${image} ${digest}`;
    if (state !== "succeeded" || had.has(version)) return [];
    had.add(version);
    return pushedAt === null ? [] : [{ endedAt, seconds: secondsBetween(pushedAt, endedAt) }];
  });
}

function restores(ended: readonly Ended[]): { readonly restored: readonly Measured[]; readonly open: number } {
  const failing = new Map<string, Ended["endedAt"]>();
  const restored = ended.flatMap(({ image, state, endedAt }) => {
    const since = failing.get(image);
    if (FAILURES.has(state) && since === undefined) failing.set(image, endedAt);
    if (state !== "succeeded" || since === undefined) return [];
    failing.delete(image);
    return [{ endedAt, seconds: secondsBetween(since, endedAt) }];
  });
  return { restored, open: failing.size };
}

function isSince(from: Date) {
  return ({ endedAt }: Pick<Ended, "endedAt">) => Date.parse(endedAt) >= from.getTime();
}

function isOn(day: string) {
  return ({ endedAt }: Pick<Ended, "endedAt">) => endedAt.startsWith(day);
}

function spread(measured: readonly Measured[]): Spread {
  const sorted = measured.map(({ seconds }) => seconds).toSorted((one, other) => one - other);
  return { count: sorted.length, medianSeconds: quantile(sorted, 0.5), p90Seconds: quantile(sorted, 0.9) };
}

/** The smallest that so large a part is not above; null of nothing. */
function quantile(sorted: readonly number[], part: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;
}

function spanMs({ from, to }: DeliverySpan): number {
  return Math.max(1, to.getTime() - from.getTime());
}

function daysOf({ from, to }: DeliverySpan): readonly string[] {
  const first = Math.floor(from.getTime() / DAY_MS);
  const count = Math.max(0, Math.ceil(to.getTime() / DAY_MS) - first);
  return Array.from({ length: count }, (_, index) => new Date((first + index) * DAY_MS).toISOString().slice(0, 10));
}
