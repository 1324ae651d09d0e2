import type { Run, RunSettings } from "./ports.ts";
import type { RetryOptions } from "./retry.ts";
import type { RunnerClock } from "./runner-clock.ts";

/**
 * How long it may take to save things. As long as nobody ends the instance, each has its own time. Once the host is being
 * stopped, systemd waits for the runner only so long: then all share one time, which is counted from the moment when the
 * last Terraform must have ended.
 */
export interface SavingTime {
  /** On the monotonic clock; infinite where there is no common end. */
  end(part: SavingPart): number;
}

/** In the order in which they are saved. */
export type SavingPart = "state" | "aside" | "result";

/** Of the common time. What comes later keeps a part of it, however long the bucket refuses what comes first. */
const SHARES: Readonly<Record<SavingPart, number>> = { state: 0.8, aside: 0.9, result: 1 };

export function openSavingTime(clock: RunnerClock, { stop, timings }: RunSettings): SavingTime {
  let stoppedAt: number | null = null;
  stop.onRequest(({ kind }) => {
    if (kind === "interrupted") stoppedAt ??= clock.monotonic();
  });
  return {
    end(part) {
      if (stoppedAt === null) return Number.POSITIVE_INFINITY;
      return stoppedAt + (timings.urgentGrace + timings.kill + timings.saving * SHARES[part]) * 1000;
    },
  };
}

export function savingOptions({ saving, settings }: Run, what: string, part: SavingPart): RetryOptions {
  return { what, seconds: settings.timings.saving, until: () => saving.end(part) };
}
