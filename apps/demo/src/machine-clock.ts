import { type SandboxClock, systemClock } from "@windlass/sandbox";

/** Tells a process of a sandbox machine how far its clock is off, in milliseconds. */
export const CLOCK_OFFSET_VARIABLE = "WINDLASS_CLOCK_OFFSET_MS";

/** The time in all of the sandbox's accounts. It runs like any clock, and can be moved on when nothing is going on. */
export interface MachineClock extends SandboxClock {
  offset(): number;
  /** Moves the time on to this moment; never back. */
  moveTo(moment: Date): void;
  /** Calls the listener with the new offset whenever the time is moved, until the returned function is called. */
  follow(listener: (offset: number) => void): () => void;
}

/** A clock that stands at this moment now; by default at the true one. */
export function createMachineClock(start?: Date): MachineClock {
  const system = systemClock();
  let offset = start === undefined ? 0 : start.getTime() - system.now();
  const listeners = new Set<(offset: number) => void>();
  return {
    now: () => system.now() + offset,
    schedule: system.schedule,
    offset: () => offset,
    moveTo(moment) {
      offset += Math.max(0, moment.getTime() - (system.now() + offset));
      for (const listener of listeners) listener(offset);
    },
    follow(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
