import type { SandboxClock } from "@windlass/sandbox";

/** The simulation's one queue: whatever happens is an entry of it, and one happens at a time. */
export interface Scheduler extends SandboxClock {
  /** Does the next thing, and lets everybody get as far as they can. False where nothing is left until that moment. */
  step(until: number): Promise<boolean>;
  /** How many things have happened. */
  readonly steps: () => number;
  /** How many are still to happen. */
  readonly pending: () => number;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  fn: (() => void | Promise<void>) | null;
}

const later = setImmediate;

export function createScheduler(startMs: number): Scheduler {
  const heap: Entry[] = [];
  let time = startMs;
  let orders = 0;
  let steps = 0;
  return {
    now: () => time,
    steps: () => steps,
    pending: () => heap.length,
    schedule(delayMs, fn) {
      if (Number.isNaN(delayMs)) throw new Error("a moment that is none");
      orders += 1;
      const entry: Entry = { at: time + Math.max(0, delayMs), order: orders, fn };
      push(heap, entry);
      return () => {
        entry.fn = null;
      };
    },
    async step(until) {
      for (let next = heap[0]; next !== undefined && next.at <= until; next = heap[0]) {
        pop(heap);
        if (next.fn === null) continue;
        time = Math.max(time, next.at);
        steps += 1;
        void next.fn();
        await settle();
        return true;
      }
      time = Math.max(time, until);
      return false;
    },
  };
}

/**
 * One turn of the event loop: before it, every promise and every tick of the process has run to its end, since nothing in
 * a simulation waits for the machine.
 */
function settle(): Promise<void> {
  return new Promise((resolve) => later(resolve));
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Entry;
    if (!isBefore(entry, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = index * 2 + 1;
    const left = heap[child];
    if (left === undefined) break;
    const right = heap[child + 1];
    if (right !== undefined && isBefore(right, left)) child += 1;
    const least = heap[child] as Entry;
    if (!isBefore(least, last)) break;
    heap[index] = least;
    index = child;
  }
  heap[index] = last;
}
