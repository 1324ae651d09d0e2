import type { Assignment, Phase } from "@windlass/deployment";
import { describeError } from "@windlass/windlass-error";
import { createLeaseWriter } from "./lease-writer.ts";
import type { Run } from "./ports.ts";

/** Keeps the claim alive and tells the world how far the deployment is. */
export interface LeaseKeeper {
  /** Stored soon, not necessarily before this returns. */
  enter(phase: Phase): void;
  /** Stored with the next renewal. */
  progress(text: string | null): void;
  /** Enters a phase and waits until it is stored; false where a stop came first, and then it may not be stored. */
  acknowledge(phase: Phase): Promise<boolean>;
  /** No renewal begins after this, and none is under way once it has returned. */
  end(): Promise<void>;
}

/** After a failed renewal, unless the lease's own interval is shorter. */
const RETRY_MS = 5_000;

/**
 * Renews the lease at once, at each change of phase and every `timings.lease` seconds. Where nothing could be stored for
 * `timings.fence` seconds, it asks the deployment to stop: the Lambda will soon take this instance for dead. Terraform must
 * not be started before the first `acknowledge`: until then only the claim, of unknown age, speaks for this runner.
 */
export function keepLease(run: Run, assignment: Assignment): LeaseKeeper {
  const { clock, log, settings } = run;
  const { timings, stop } = settings;
  const writer = createLeaseWriter(run, assignment);
  let phase: Phase = "claimed";
  let progress: string | null = null;
  /** Counts what was asked to be stored, and what of it is. */
  let wanted = 0;
  let stored = 0;
  let storedAt = clock.monotonic();
  let ended = false;
  /** The last write met an earlier one of this runner's own; more than one in a row is no reason to hurry. */
  let overtaken = false;
  let writing: Promise<void> | undefined;
  const waiting = new Set<() => void>();
  const fence = watchFence(run, () => storedAt);
  let unschedule = clock.schedule(0, renew);

  /** One write at a time, each awaited to its end; what S3 does with one that timed out is the writer's care. */
  function renew(): void {
    unschedule();
    if (ended || writing !== undefined) return;
    writing = write().then((delay) => {
      writing = undefined;
      if (!ended) unschedule = clock.schedule(delay, renew);
    });
  }

  /** Milliseconds until the next write. */
  async function write(): Promise<number> {
    const version = wanted;
    // Measured from before the call: S3 dates the object later than that, never earlier.
    const began = clock.monotonic();
    const outcome = await writer.write({ phase, progress }).catch((error: unknown) => {
      log.warn({ phase, error: describeError(error) }, "lease not renewed");
      return null;
    });
    if (outcome?.kind === "displaced") return giveUp(outcome.problem);
    if (outcome?.kind !== "stored") {
      const atOnce = outcome?.kind === "overtaken" && !overtaken;
      overtaken = outcome?.kind === "overtaken";
      return atOnce ? 0 : Math.min(RETRY_MS, timings.lease * 1000);
    }
    overtaken = false;
    stored = version;
    storedAt = began;
    for (const look of [...waiting]) look();
    return wanted > stored ? 0 : timings.lease * 1000;
  }

  /** Whoever it is that writes this lease, two of them would only fight for it. */
  function giveUp(problem: string): number {
    log.error({ problem }, "lease displaced");
    ended = true;
    stop.request({ kind: "displaced", problem });
    return 0;
  }

  function enter(next: Phase): void {
    phase = next;
    progress = null;
    wanted += 1;
    renew();
  }

  /** Settles when the condition holds, which only a renewal or a stop can bring about. */
  function changed(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds()) return;
        waiting.delete(look);
        stop.signal.removeEventListener("abort", look);
        resolve();
      };
      waiting.add(look);
      stop.signal.addEventListener("abort", look);
      look();
    });
  }

  return {
    enter,
    progress(text) {
      progress = text;
    },
    async acknowledge(next) {
      if (stop.reason !== null) return false;
      const before = phase;
      enter(next);
      const version = wanted;
      await changed(() => stored >= version || stop.reason !== null);
      if (stored >= version && stop.reason === null) return true;
      enter(before);
      return false;
    },
    async end() {
      ended = true;
      unschedule();
      fence();
      await writing;
    },
  };
}

/** Measured with the monotonic clock: a wall clock that is set back must not keep a runner alive. */
function watchFence(run: Run, storedAt: () => number): () => void {
  const { clock, settings } = run;
  const { timings, stop } = settings;
  let unschedule = clock.schedule(timings.fence * 1000, check);

  function check(): void {
    const left = storedAt() + timings.fence * 1000 - clock.monotonic();
    if (left <= 0) stop.request({ kind: "fenced", seconds: timings.fence });
    else unschedule = clock.schedule(left, check);
  }
  return () => unschedule();
}
