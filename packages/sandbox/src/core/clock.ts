/** The sandbox's only source of time. Nothing in it reads the machine's clock or sets a timer of its own. */
export interface SandboxClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Runs `fn` once, `delayMs` from now. The returned function takes it off the schedule; calling it late is harmless.
   * What `fn` throws or rejects with is a defect of the sandbox and surfaces, it is never swallowed.
   */
  schedule(delayMs: number, fn: () => void | Promise<void>): () => void;
}

/** A clock that stands still until it is told to move. */
export interface VirtualClock extends SandboxClock {
  /**
   * Moves time on by `ms` and runs everything due on the way, in order of its time, then of its scheduling.
   * Each callback is awaited, and whatever it set off in promises runs as far as it gets, before the next one runs.
   * A callback that starts what waits for the machine (an SDK client's first call reads its configuration from files)
   * gives its promise back.
   */
  advance(ms: number): Promise<void>;
}

interface ScheduledCall {
  readonly at: number;
  readonly order: number;
  readonly fn: () => void | Promise<void>;
}

/** The machine's own time and timers. Timers do not keep the process alive. */
export function systemClock(): SandboxClock {
  return {
    now: () => Date.now(),
    schedule(delayMs, fn) {
      const timer = setTimeout(() => void fn(), Math.max(0, delayMs));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

/** Time that only `advance` moves, so that hours pass in no time and every run is the same. */
export function virtualClock(startMs: number): VirtualClock {
  let time = startMs;
  let orders = 0;
  let running: Promise<void> = Promise.resolve();
  const calls = new Set<ScheduledCall>();

  async function runUntil(end: number): Promise<void> {
    await settle();
    for (let next = nextDue(calls, end); next !== undefined; next = nextDue(calls, end)) {
      calls.delete(next);
      time = Math.max(time, next.at);
      await next.fn();
      await settle();
    }
    time = Math.max(time, end);
  }

  return {
    now: () => time,
    schedule(delayMs, fn) {
      orders += 1;
      const call = { at: time + Math.max(0, delayMs), order: orders, fn };
      calls.add(call);
      return () => void calls.delete(call);
    },
    advance(ms) {
      // One advance at a time: a second one starts where the first ended.
      const next = running.then(() => runUntil(time + ms));
      running = next.catch(() => undefined);
      return next;
    },
  };
}

function nextDue(calls: ReadonlySet<ScheduledCall>, end: number): ScheduledCall | undefined {
  let next: ScheduledCall | undefined;
  for (const call of calls) {
    if (call.at > end) continue;
    if (next === undefined || call.at < next.at || (call.at === next.at && call.order < next.order)) next = call;
  }
  return next;
}

/** Lets promise chains run to their end; a turn of the event loop drains every microtask before it. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
