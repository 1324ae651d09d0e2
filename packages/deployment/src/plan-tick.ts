import type { AccountMapping } from "@windlass/account-mapping";
import { applyControls } from "./apply-controls.ts";
import { confirmDead } from "./confirm-dead.ts";
import { openContext, type TickContext } from "./context.ts";
import { isActive } from "./draft.ts";
import { explainImages, explainRules } from "./explain.ts";
import type { Deployment, Ledger } from "./ledger.ts";
import type { Observation } from "./observation.ts";
import { forgetOldTargets, observeHeads } from "./observe-heads.ts";
import type { Plan } from "./plan.ts";
import { planWaiting } from "./plan-waiting.ts";
import type { RuleAnswer } from "./rule.ts";
import { startRefreshes } from "./start-refresh.ts";
import { startTerraform } from "./start-terraform.ts";
import { tendGroup } from "./tend-group.ts";
import { watchRefreshes } from "./watch-refresh.ts";
import { watchTerraform } from "./watch-terraform.ts";

/**
 * Decides one tick of one area. Pure: the same ledger, observation, slice and time give the same plan, and nothing
 * that was passed in is changed.
 *
 * The plan's ledger is to be committed before its actions are performed. Where it is the ledger that was passed in,
 * there is nothing to commit and nothing to perform.
 *
 * @param slice the account mapping cut down to one area
 */
export function planTick(ledger: Ledger, observation: Observation, slice: AccountMapping, now: Date): Plan {
  return closePlan(decide(ledger, observation, slice, now), ledger);
}

/** What a tick decides, with everything that it looked at. */
export interface ExplainedPlan {
  readonly plan: Plan;
  /** For every image: every rule that was looked at, in that order. The first that stops it is `plan.reasons`. */
  readonly rules: Readonly<Record<string, readonly RuleAnswer[]>>;
}

/** `planTick`, and the answer of every rule that it decided by, as things are after the plan. */
export function explainTick(ledger: Ledger, observation: Observation, slice: AccountMapping, now: Date): ExplainedPlan {
  const context = decide(ledger, observation, slice, now);
  return { plan: closePlan(context, ledger), rules: explainRules(context) };
}

function decide(ledger: Ledger, observation: Observation, slice: AccountMapping, now: Date): TickContext {
  const context = openContext(ledger, observation, slice, now);
  confirmDead(context);
  watchTerraform(context);
  watchRefreshes(context);
  observeHeads(context);
  applyControls(context);
  forgetOldTargets(context);
  planWaiting(context);
  startTerraform(context);
  startRefreshes(context);
  tendGroup(context);
  archiveEnded(context);
  return context;
}

/** Every ended deployment goes to the history; it leaves the ledger once it is there. */
function archiveEnded({ draft }: TickContext): void {
  for (const deployment of draft.deployments()) {
    if (!isActive(deployment)) draft.act({ kind: "append-history", deployment });
  }
}

function closePlan(context: TickContext, before: Ledger): Plan {
  const { draft } = context;
  const deployments = draft.deployments();
  return {
    ledger: draft.close(),
    actions: draft.actions(),
    notes: draft.notes(),
    reasons: explainImages(context),
    launched: deployments.filter((one) => hasJustStarted(one, before)).map(({ id }) => id),
    ended: deployments.filter((one) => !isActive(one) && !hasEndedBefore(one, before)),
  };
}

function hasJustStarted(deployment: Deployment, { deployments }: Ledger): boolean {
  const before = deployments[deployment.id];
  return deployment.launchedAt !== null && (before === undefined || before.launchedAt === null);
}

function hasEndedBefore({ id }: Deployment, { deployments }: Ledger): boolean {
  const before = deployments[id];
  return before !== undefined && !isActive(before);
}
