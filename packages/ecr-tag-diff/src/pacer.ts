import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { EcrTagDiffError } from "./ecr-tag-diff-error.ts";

/** A call that is throttled is made at most so often. */
const attemptsPerCall = 4;
/** Throttled so often without one success between: the rest of the calls is not made at all. */
const strikesToGiveUp = 6;
const firstPauseMs = 250;
const longestPauseMs = 5_000;

export interface PacerOptions {
  /** How many calls run at once while nothing is throttled. */
  readonly concurrency: number;
  /** Ends waiting and running calls with the error `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Waits for some milliseconds; replaced where time is virtual. */
  readonly wait?: ((ms: number, signal?: AbortSignal) => Promise<unknown>) | undefined;
  /** Between 0 and 1, for jitter. */
  readonly random?: (() => number) | undefined;
}

/** Runs a call when there is room for it. */
export type Pacer = <T>(call: () => Promise<T>) => Promise<T>;

/**
 * Paces all calls of one read together. The quota is one bucket for the whole registry, so when one call is throttled
 * all of them pause, and half as many run at once afterwards; each success makes room for one more. Without this every
 * image would back off and return on its own, and a burst would be answered by a burst.
 */
export function createPacer(options: PacerOptions): Pacer {
  const { concurrency, signal, wait = waitFor, random = Math.random } = options;
  const limit = pLimit(concurrency);
  let pause: Promise<unknown> | null = null;
  let strikes = 0;

  async function attempt<T>(call: () => Promise<T>): Promise<T> {
    if (pause !== null) await untilAborted(pause, signal);
    throwIfAborted(signal);
    if (strikes >= strikesToGiveUp) throw givenUp();
    try {
      const result = await untilAborted(call(), signal);
      strikes = 0;
      if (limit.concurrency < concurrency) limit.concurrency += 1;
      return result;
    } catch (error) {
      // Before the next call takes this one's place.
      if (isThrottled(error)) slowDown();
      throw error;
    }
  }

  function slowDown(): void {
    if (pause !== null) return;
    strikes += 1;
    if (strikes >= strikesToGiveUp) return;
    limit.concurrency = Math.max(1, Math.floor(limit.concurrency / 2));
    const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** (strikes - 1));
    pause = wait(longest * (0.5 + random() / 2), signal).finally(() => {
      pause = null;
    });
    pause.catch(() => undefined);
  }

  return async function paced(call) {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await limit(() => attempt(call));
      } catch (error) {
        if (!isThrottled(error) || strikes >= strikesToGiveUp || attempts === attemptsPerCall) throw error;
      }
    }
  };
}

function isThrottled(error: unknown): boolean {
  return error instanceof EcrTagDiffError && error.code === "throttled";
}

function givenUp(): EcrTagDiffError {
  return new EcrTagDiffError({
    code: "throttled",
    message: "the registry throttles every request, so this one was not made",
    retryable: true,
  });
}

/** The work's outcome, or `aborted` as soon as the signal says so: the SDK sleeps through it between two retries. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortedError(signal));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedError(signal);
}

function abortedError(signal: AbortSignal): EcrTagDiffError {
  return new EcrTagDiffError({
    code: "aborted",
    message: "the read was ended before the registry answered",
    cause: signal.reason,
    retryable: true,
  });
}

async function waitFor(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal === undefined ? {} : { signal });
}
