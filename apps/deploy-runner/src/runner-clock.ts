/** The runner's only source of time. */
export interface RunnerClock {
  /** Milliseconds since the epoch; for records that people read. */
  now(): number;
  /** Milliseconds since some moment, never set back: what every duration and deadline is measured with. */
  monotonic(): number;
  /** Runs `fn` once, `delayMs` from now; the returned function takes it off the schedule. */
  schedule(delayMs: number, fn: () => void): () => void;
}

/** The machine's own. Its timers keep the process alive: a deployment is not over before they are. */
export function systemClock(): RunnerClock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    schedule(delayMs, fn) {
      const timer = setTimeout(fn, Math.max(0, delayMs));
      return () => clearTimeout(timer);
    },
  };
}

/** Ends early, without an error, when the signal is aborted. */
export function sleep(clock: RunnerClock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      unschedule();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const unschedule = clock.schedule(ms, end);
    signal?.addEventListener("abort", end, { once: true });
  });
}

/** Waits for the promise, but not longer than that; says whether it came in time. Its error is the caller's. */
export async function withinTime(clock: RunnerClock, ms: number, promise: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const inTime = await Promise.race([promise.then(() => true), sleep(clock, ms, over.signal).then(() => false)]);
  over.abort();
  return inTime;
}
