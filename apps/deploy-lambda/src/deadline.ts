import { setMaxListeners } from "node:events";

/** What Lambda tells a function about its time. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** When a tick has to stop, so that it is never cut off between an effect and its record. */
export interface Deadline {
  /** Ends everything but the last commit. */
  readonly work: AbortSignal;
  /** Ends the commit of what the actions brought back. */
  readonly commit: AbortSignal;
}

/** However long the function may run: a refresh's intent holds for 2 minutes, and the tick that made it must be over by then. */
const LONGEST_TICK_MS = 100_000;
const COMMIT_RESERVE_MS = 5_000;
const EXIT_RESERVE_MS = 500;

/** Without a context (a call from a program of one's own) a tick may take its longest. */
export function deadlineOf(context: InvocationContext | undefined): Deadline {
  const times = divideTime(context?.getRemainingTimeInMillis());
  return { work: abortAfter(times.work), commit: abortAfter(times.commit) };
}

/** Milliseconds from now at which each part ends. A short timeout still leaves most of itself to the work. */
export function divideTime(remaining = LONGEST_TICK_MS): { readonly work: number; readonly commit: number } {
  // Zero is no time left, not "no deadline".
  const left = Math.min(Math.max(0, remaining), LONGEST_TICK_MS);
  return {
    work: Math.floor(left - Math.min(COMMIT_RESERVE_MS, left / 4)),
    commit: Math.floor(left - Math.min(EXIT_RESERVE_MS, left / 20)),
  };
}

function abortAfter(milliseconds: number): AbortSignal {
  const signal = milliseconds === 0 ? AbortSignal.abort() : AbortSignal.timeout(milliseconds);
  // Every call in flight listens to it; Node warns of more than ten listeners, as of a leak.
  setMaxListeners(0, signal);
  return signal;
}
