import { causeAt } from "./activities.ts";
import { activeMembers } from "./members.ts";
import { reconcileSoon } from "./reconcile.ts";
import type { Group, ScalingState } from "./scaling-state.ts";

/** Begins a rebalancing; see `finishRebalancing` for how it goes on. False where there is nothing to rebalance. */
export function rebalance(state: ScalingState, group: Group): boolean {
  // Suspending Launch or Terminate keeps it from happening, too (guide, "Suspend and resume processes").
  if (["AZRebalance", "Launch", "Terminate"].some((process) => group.suspended.has(process))) return false;
  const inService = activeMembers(group).filter(({ lifecycle }) => lifecycle === "InService");
  if (inService.length === 0 || group.rebalancing !== null) return false;
  group.rebalancing = new Set(activeMembers(group).map(({ instance }) => instance.id));
  group.cause = causeAt(state, "an instance was launched to rebalance instances across zones.");
  reconcileSoon(state, group);
  return true;
}
