import { describeError } from "@windlass/windlass-error";
import type { Run } from "./ports.ts";

export interface CancelWatch {
  /** Looks now. A read that fails is no cancel. */
  look(): Promise<void>;
  end(): void;
}

/** Looks for `cancel.json` as often as the lease is renewed, and asks the deployment to stop when it is there. */
export function watchCancel(run: Run): CancelWatch {
  const { clock, store, log, settings } = run;
  const { deployment, timings, stop } = settings;
  let ended = false;
  let unschedule = clock.schedule(timings.lease * 1000, tick);

  function tick(): void {
    void look().then(() => {
      if (!ended) unschedule = clock.schedule(timings.lease * 1000, tick);
    });
  }

  async function look(): Promise<void> {
    try {
      const reading = await store.readCancel(deployment);
      if (ended || reading.kind === "absent") return;
      ended = true;
      unschedule();
      // One that can not be read was still put there to stop this run; only its words are lost.
      const words = reading.kind === "present" ? reading.value : { by: "unknown", reason: reading.problem };
      stop.request({ kind: "cancelled", by: words.by, reason: words.reason });
    } catch (error) {
      log.warn({ error: describeError(error) }, "cancel not read");
    }
  }

  return {
    look,
    end() {
      ended = true;
      unschedule();
    },
  };
}
