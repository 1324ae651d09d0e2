import type { SandboxClock } from "./clock.ts";

const aDay = 86_400_000;

/** Resolves `ms` later by that clock. Unlike the clock's own timers it keeps the process alive: somebody waits for it. */
export function waitFor(clock: SandboxClock, ms: number): Promise<void> {
  const alive = setInterval(() => {}, aDay);
  return new Promise((resolve) => {
    clock.schedule(ms, () => {
      clearInterval(alive);
      resolve();
    });
  });
}
