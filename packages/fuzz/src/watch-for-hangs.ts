import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** Nothing that is read takes a second; this is for machines that are busy. */
export const HANG_MS = 120_000;

export interface HangWatch {
  /** Says which case of which target is tried now. */
  began(target: string, number: number): void;
  /** Says that a target is done. */
  ended(): void;
  close(): Promise<void>;
}

export interface Watched {
  /** Names of targets. */
  readonly targets: readonly string[];
  readonly seed: number;
  readonly limitMs?: number;
}

/**
 * Kills this process, and says of which case, where one comes to no end. A test's own limit can not do that: what would
 * look at it is blocked by what it would look for.
 */
export async function watchForHangs({ targets, seed, limitMs = HANG_MS }: Watched): Promise<HangWatch> {
  const progress = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL("./watchdog.mjs", import.meta.url), {
    workerData: { progress, targets, seed, limitMs },
    execArgv: [],
  });
  await once(worker, "online");
  worker.unref();
  return {
    began(target, number) {
      Atomics.store(progress, 0, targets.indexOf(target));
      Atomics.store(progress, 1, number);
    },
    ended: () => void Atomics.store(progress, 1, 0),
    close: async () => void (await worker.terminate()),
  };
}
