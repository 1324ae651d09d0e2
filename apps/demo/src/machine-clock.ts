import { type SandboxClock, systemClock } from "@windlass/sandbox";

/** Tells a process of a sandbox machine how far its clock is off, in milliseconds. */
export const CLOCK_OFFSET_VARIABLE = "WINDLASS_CLOCK_OFFSET_MS";

/** The time in all of the sandbox's accounts. It runs like any clock, and can be moved on when nothing is going on. */
export interface MachineClock extends SandboxClock {
  offset(): number;
  /** Moves the time on to this moment; never back. */
  moveTo(moment: Date): void;
}

/** A clock that stands at this moment now; by default at the true one. */
export function createMachineClock(start?: Date): MachineClock {
  const system = systemClock();
  let offset = start === undefined ? 0 : start.getTime() - system.now();
  return {
    now: () => system.now() + offset,
    schedule: system.schedule,
    offset: () => offset,
    moveTo(moment) {
      offset += Math.max(0, moment.getTime() - (system.now() + offset));
    },
  };
}
