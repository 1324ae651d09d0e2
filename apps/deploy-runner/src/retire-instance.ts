import { type GroupInstance, type GroupReading, isLeaving } from "@windlass/deployment";
import { describeError } from "@windlass/windlass-error";
import type { Run } from "./ports.ts";
import { retry } from "./retry.ts";
import { RunnerError } from "./runner-error.ts";

/** Tries for taking off the protection, which the terminate call does not need. */
const UNPROTECT_SECONDS = 5;

/**
 * Leaves the group for good: an instance that merely shut down would be replaced, and the deployment run again.
 * Returns false where even that failed; then the watchdog or the evening's scheduled action removes the instance.
 */
export async function retireInstance(run: Run): Promise<boolean> {
  const { instance, timings } = run.settings;
  try {
    await unprotect(run);
    await retry(run, { what: "leave the group", seconds: timings.retire }, async () => {
      const others = othersIn(readable(await run.group.observe()), instance);
      // With decrement, the group would scale in the other instance, too: it may be the claim's holder.
      await run.group.terminate(instance, undefined, { decrement: others.length === 0 });
    });
    run.log.info({ instance }, "instance retired");
    return true;
  } catch (error) {
    run.log.error({ instance, error: describeError(error) }, "instance not terminated; setting the group to 0");
    return setGroupToZero(run);
  }
}

/** Only for the fallback: termination by name does not ask for protection, scale-in does. */
async function unprotect(run: Run): Promise<void> {
  const { instance } = run.settings;
  try {
    await retry(run, { what: "unprotect the instance", seconds: UNPROTECT_SECONDS }, () =>
      run.group.unprotect(instance),
    );
  } catch (error) {
    run.log.warn({ instance, error: describeError(error) }, "instance not unprotected");
  }
}

async function setGroupToZero(run: Run): Promise<boolean> {
  try {
    const { retire } = run.settings.timings;
    await retry(run, { what: "set the group to 0", seconds: retire }, () => run.group.retire());
    return true;
  } catch (error) {
    run.log.error({ error: describeError(error) }, "group not set to 0");
    return false;
  }
}

function readable(reading: GroupReading): Extract<GroupReading, { kind: "group" }> {
  if (reading.kind === "group") return reading;
  throw new RunnerError({ code: "group-unreadable", message: `${reading.message} (${reading.code})`, retryable: true });
}

/** Those on their way out no longer count towards the desired capacity. */
function othersIn(group: Extract<GroupReading, { kind: "group" }>, instance: string): readonly GroupInstance[] {
  return group.instances.filter(({ id, lifecycle }) => id !== instance && !isLeaving(lifecycle));
}
