import { countAttempt } from "./attempts.ts";
import type { Draft } from "./draft.ts";
import { toInstant } from "./identifiers.ts";
import type { Deployment, ImageRecord } from "./ledger.ts";
import type { Outcome } from "./outcome.ts";
import type { BrokenLock, Failure, PlanCounts } from "./run-records.ts";

export interface Ending {
  readonly outcome: Outcome;
  readonly failure: Failure | null;
  readonly exitCode?: number | null;
  readonly plan?: PlanCounts | null;
  /** The account may no longer be as the live digest left it. */
  readonly disturbs?: boolean;
  readonly noop?: boolean;
  readonly brokenLock?: BrokenLock | null;
  readonly notes?: readonly string[];
}

/** Ends a deployment and lets its image know: live, one more attempt, or blocked. */
export function endDeployment(draft: Draft, deployment: Deployment, ending: Ending, now: Date): void {
  const at = toInstant(now);
  const ended = draft.updateDeployment(deployment.id, {
    state: ending.outcome,
    endedAt: at,
    failure: ending.failure,
    exitCode: ending.exitCode ?? null,
    plan: ending.plan ?? null,
    noop: ending.noop ?? false,
    brokenLock: ending.brokenLock ?? null,
    notes: [...(ending.notes ?? [])],
  });
  const record = draft.image(deployment.image);
  const disturbed = ending.disturbs === true ? { deployment: deployment.id, at } : record.disturbed;
  draft.updateImage(deployment.image, { disturbed, ...consequence(record, ended, ending.outcome, now) });
}

function consequence(record: ImageRecord, deployment: Deployment, outcome: Outcome, now: Date): Partial<ImageRecord> {
  const { id, digest, commit } = deployment;
  const at = toInstant(now);
  switch (outcome) {
    case "succeeded":
      return {
        live: { digest, commit, deployment: id, at },
        previous: record.live?.digest === digest ? record.previous : record.live,
        // A held digest that succeeds says nothing of the head's failures.
        attempts: record.attempts?.digest === digest ? null : record.attempts,
        disturbed: null,
        // It could take the state's lock, so none of theirs is left.
        dead: [],
        leaving: [],
      };
    case "failed":
    case "lost":
    case "never-started":
    case "cancelled":
      return {
        attempts: countAttempt(record.attempts, { id, digest, outcome, stopped: deployment.cancel !== null }, now),
      };
    case "unknown":
    case "state-unsaved":
      return { block: { deployment: id, outcome, at }, disturbed: { deployment: id, at } };
    case "superseded":
      return {};
  }
}
