import type { Sandbox } from "@windlass/sandbox";

export interface Measured {
  /** Of each run. */
  readonly wallMs: readonly number[];
  /** Of the first tick in the process, which makes clients and connections; null where there is none. */
  readonly coldMs: number | null;
  /** Of one run, by action. */
  readonly calls: Readonly<Record<string, number>>;
  /** Peak resident memory of the process, whatever is in it. */
  readonly peakMb: number;
}

/** Runs something once and says how long it took and what it called. */
export async function measureRun(sandbox: Sandbox, run: () => Promise<unknown>): Promise<Measured> {
  sandbox.calls.clear();
  const wallMs = await timed(run);
  return { wallMs: [wallMs], coldMs: null, calls: sandbox.calls.count(), peakMb: peakMemoryMb() };
}

export async function timed(run: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await run();
  return performance.now() - before;
}

/** `maxRSS` is in kilobytes on every system (Node.js documentation of `process.resourceUsage`). */
export function peakMemoryMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}

export function printMeasurement(measured: Measured): void {
  console.log(JSON.stringify(measured));
}
