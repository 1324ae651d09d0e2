import { describeError } from "@windlass/windlass-error";
import type { Run } from "./ports.ts";
import { sleep } from "./runner-clock.ts";
import { RunnerError } from "./runner-error.ts";

export interface RetryOptions {
  /** What is being tried, for the log. */
  readonly what: string;
  readonly seconds: number;
  /** Errors that trying again can not mend; by default none, since even a denied access may be a policy on its way. */
  readonly permanent?: (error: unknown) => boolean;
  /** A moment of the monotonic clock after which nothing is tried again; it may come nearer meanwhile. */
  readonly until?: () => number;
  /** Ends the trying early, with the error `stopped`. */
  readonly signal?: AbortSignal;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;

/** Tries at least once, then until the time is over; throws the last error. The operation must be idempotent. */
export async function retry<T>(run: Run, options: RetryOptions, operation: () => Promise<T>): Promise<T> {
  const { clock, log } = run;
  const end = clock.monotonic() + options.seconds * 1000;
  for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
    if (options.signal?.aborted) throw stopped(options.what);
    try {
      return await operation();
    } catch (error) {
      const over = clock.monotonic() + delay > Math.min(end, options.until?.() ?? end);
      log.warn({ what: options.what, again: !over, error: describeError(error) }, "attempt failed");
      if (over || options.permanent?.(error)) throw error;
    }
    await sleep(clock, delay, options.signal);
  }
}

function stopped(what: string): RunnerError {
  return new RunnerError({ code: "stopped", message: `asked to stop before the runner could ${what}` });
}
