import { type Assignment, type Claim, toInstant } from "@windlass/deployment";
import type { Run } from "./ports.ts";
import { retry } from "./retry.ts";

export type ClaimEnd =
  | { readonly kind: "held" }
  /** Another instance, or the Lambda, was faster; null where its claim can not be read. */
  | { readonly kind: "taken"; readonly by: Claim | null };

/**
 * Tries to become the one that runs this deployment. The same nonce goes with every attempt, so that a claim whose reply
 * was lost is known for one's own.
 */
export async function claimDeployment(run: Run, assignment: Assignment): Promise<ClaimEnd> {
  const { clock, store, log, settings } = run;
  const { instance, nonce, stop, timings } = settings;
  const { deployment, epoch } = assignment;
  const outcome = await retry(
    run,
    { what: "claim the deployment", seconds: timings.startUp, signal: stop.signal },
    () => {
      const at = toInstant(new Date(clock.now()));
      return store.claim({ schema: 1, deployment, epoch, holder: "runner", instance, nonce, at });
    },
  );
  if (outcome.kind === "held") {
    log.info({ deployment, epoch, image: assignment.image, digest: assignment.digest }, "deployment claimed");
    return outcome;
  }
  log.info({ deployment, epoch, by: outcome.by }, "deployment claimed by another; leaving");
  return outcome;
}
