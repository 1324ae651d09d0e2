import type { AccountMapping } from "@windlass/account-mapping";
import { describeReason, type Note, type Outcome, type Plan, type Reason } from "@windlass/deployment";
import { type Measures, measureTick } from "./metrics.ts";

/** What one tick did: the function's return value. */
export interface TickSummary {
  readonly area: string;
  /** The tick's moment, UTC. */
  readonly tick: string;
  /** True where another tick wrote the ledger first; this one then did nothing. */
  readonly lost: boolean;
  readonly launched: readonly LaunchedDeployment[];
  readonly finished: readonly FinishedDeployment[];
  /** Images that do not move on by themselves now, and why. */
  readonly waiting: readonly { readonly image: string; readonly reason: string }[];
  readonly notes: readonly Note[];
  /** For the alarms; null where another tick was first. */
  readonly measures: Measures | null;
}

export interface LaunchedDeployment {
  readonly id: string;
  readonly image: string;
  readonly digest: string;
}

export interface FinishedDeployment extends LaunchedDeployment {
  readonly outcome: Outcome;
}

interface Moment {
  readonly area: string;
  readonly now: Date;
  readonly slice: AccountMapping;
}

export function summarize({ area, now, slice }: Moment, plan: Plan, notes: readonly Note[]): TickSummary {
  return {
    area,
    tick: now.toISOString(),
    lost: false,
    launched: plan.launched.flatMap((id) => {
      const deployment = plan.ledger.deployments[id];
      return deployment === undefined ? [] : [{ id, image: deployment.image, digest: deployment.digest }];
    }),
    finished: plan.ended.map(({ id, image, digest, state }) => ({ id, image, digest, outcome: state as Outcome })),
    waiting: Object.entries(plan.reasons)
      .filter(([, reason]) => isWaiting(reason))
      .map(([image, reason]) => ({ image, reason: describeReason(reason) })),
    notes: [...plan.notes, ...notes],
    measures: measureTick(plan, { slice, now }),
  };
}

/** Another tick won: nothing of this one's plan holds. */
export function summarizeLost({ area, now }: Pick<Moment, "area" | "now">): TickSummary {
  const note = { code: "commit-lost", image: null, message: "another tick wrote the ledger first and acts on it" };
  const nothing = { launched: [], finished: [], waiting: [], measures: null };
  return { area, tick: now.toISOString(), lost: true, ...nothing, notes: [note] };
}

function isWaiting(reason: Reason): boolean {
  return reason.kind !== "live" && reason.kind !== "no-head" && reason.kind !== "deploying";
}
