import { isStarted } from "./draft.ts";
import { toInstant } from "./identifiers.ts";
import type { Deployment, Ledger, Refresh } from "./ledger.ts";
import type { Effect } from "./plan.ts";
import { REFUSED } from "./refresh-status.ts";

/**
 * The ledger with what came back from a tick's actions. It can be applied to a newer ledger than the one the tick
 * committed: an effect whose deployment has moved on changes nothing, and then the same ledger is returned.
 */
export function recordEffects(ledger: Ledger, effects: readonly Effect[], now: Date): Ledger {
  const deployments = effects.reduce(recordEffect, ledger.deployments);
  return deployments === ledger.deployments ? ledger : { ...ledger, deployments, updatedAt: toInstant(now) };
}

function recordEffect(deployments: Ledger["deployments"], effect: Effect): Ledger["deployments"] {
  const deployment = deployments[effect.deployment];
  if (deployment === undefined) return deployments;
  if (effect.kind === "history-appended") return withoutEnded(deployments, deployment);
  const changed = withRefresh(deployment, effect);
  return changed === deployment ? deployments : { ...deployments, [deployment.id]: changed };
}

function withoutEnded(deployments: Ledger["deployments"], deployment: Deployment): Ledger["deployments"] {
  if (deployment.endedAt === null) return deployments;
  return Object.fromEntries(Object.entries(deployments).filter(([id]) => id !== deployment.id));
}

type RefreshEffect = Extract<Effect, { kind: "refresh-started" | "refresh-refused" }>;

function withRefresh(deployment: Deployment, effect: RefreshEffect): Deployment {
  const { refresh } = deployment;
  const group = refresh?.groups[effect.group];
  if (refresh == null || group === undefined || group.refreshId !== null || !isStarted(deployment)) return deployment;
  const known =
    effect.kind === "refresh-started"
      ? { ...group, refreshId: effect.refreshId, status: "Pending" }
      : { ...group, status: REFUSED };
  const changed = { ...refresh, groups: { ...refresh.groups, [effect.group]: known } };
  return { ...deployment, state: "running", refresh: withFailure(changed, effect) };
}

/** The first failure is the one that is told. */
function withFailure(refresh: Refresh, effect: RefreshEffect): Refresh {
  if (effect.kind === "refresh-started" || refresh.failure !== null) return refresh;
  return {
    ...refresh,
    failure: { code: effect.code, message: `group ${effect.group}: ${effect.message}`, hint: null },
  };
}
