import type { SandboxClock } from "./clock.ts";

/** Resolves `ms` later by that clock. */
export function waitFor(clock: SandboxClock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.schedule(ms, resolve));
}
