import { recordView } from "../ec2/stale-view.ts";
import { causeAt } from "./activities.ts";
import { activeMembers, isGone, launchMember, removeGoneMembers, terminateMember } from "./members.ts";
import { stepRefresh } from "./refresh-engine.ts";
import { activeRefresh, launchTemplate } from "./refreshes.ts";
import { chooseForScaleIn } from "./scale-in.ts";
import type { Group, Member, ScalingState } from "./scaling-state.ts";
import { showGroups } from "./show-group.ts";

/** After that long without a launch the service stops trying (guide, "Administrative suspension"). */
const giveUpMs = 24 * 3_600_000;

/** Has the group looked after, by default after the usual reaction time. To be called after each change. */
export function reconcileSoon(state: ScalingState, group: Group, delayMs = state.timings.reactMs): void {
  changed(state);
  const at = state.clock.now() + delayMs;
  if (group.reconcileAt !== null && group.reconcileAt <= at) return;
  group.reconcileAt = at;
  state.clock.schedule(delayMs, () => {
    // Not by the time: a timer of the machine may fire a millisecond before the clock says so.
    if (group.reconcileAt === at) group.reconcileAt = null;
    reconcile(state, group);
  });
}

/** To be called after each change that needs no looking after. */
export function changed(state: ScalingState): void {
  recordView(state.view, () => showGroups(state));
}

/** Brings the group one step closer to what it should be. */
function reconcile(state: ScalingState, group: Group): void {
  if (state.groups.get(group.name) !== group) return;
  removeGoneMembers(state, group);
  if (group.deleting) {
    finishDeletion(state, group);
  } else {
    stepRefresh(state, group);
    finishRebalancing(state, group);
    replaceUnhealthy(state, group);
    reachCapacity(state, group);
  }
  changed(state);
  scheduleNext(state, group);
}

function finishDeletion(state: ScalingState, group: Group): void {
  for (const member of activeMembers(group)) {
    terminateMember(state, group, { member, cause: causeAt(state, "the group is being deleted by a user request.") });
  }
  if (group.members.size === 0) state.groups.delete(group.name);
}

/** Launches before it terminates, so the group may for a while be above its maximum (guide, "Availability Zone rebalancing"). */
function finishRebalancing(state: ScalingState, group: Group): void {
  const before = group.rebalancing;
  if (before === null) return;
  const active = activeMembers(group);
  const old = active.filter(({ instance }) => before.has(instance.id));
  if (old.length === 0 || group.desired < before.size) {
    group.rebalancing = null;
    return;
  }
  if (!active.some((member) => member.lifecycle === "InService" && !before.has(member.instance.id))) return;
  const member = old.find(({ protectedFromScaleIn, lifecycle }) => !protectedFromScaleIn && lifecycle === "InService");
  if (member === undefined || group.suspended.has("Terminate")) return;
  group.rebalancing = null;
  const sentence =
    "instances were launched to balance instances in zones with other zones resulting in an instance being taken out of service.";
  terminateMember(state, group, { member, cause: causeAt(state, sentence) });
}

/** Scale-in protection does not keep an unhealthy instance (guide, "Instance scale-in protection"). */
function replaceUnhealthy(state: ScalingState, group: Group): void {
  if (group.suspended.has("ReplaceUnhealthy") || group.suspended.has("Terminate")) return;
  for (const member of activeMembers(group).filter(({ healthy }) => !healthy)) {
    terminateMember(state, group, { member, cause: causeAt(state, unhealthySentence(state, member)) });
  }
}

function unhealthySentence(state: ScalingState, member: Member): string {
  const byEc2 = isGone(state, member) || member.instance.state !== "running";
  return byEc2
    ? "an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped."
    : "an instance was taken out of service in response to a user health-check.";
}

function reachCapacity(state: ScalingState, group: Group): void {
  const target = targetSize(group);
  if (activeMembers(group).length < target) launchUpTo(state, group, target);
  else if (!group.suspended.has("Terminate")) scaleInTo(state, group, target);
}

/** Rebalancing and refreshes may run instances above the desired capacity for a while. */
function targetSize(group: Group): number {
  return group.desired + (group.rebalancing === null ? 0 : 1) + (activeRefresh(group)?.surplus ?? 0);
}

function launchUpTo(state: ScalingState, group: Group, target: number): void {
  const now = state.clock.now();
  if (group.suspended.has("Launch") || (group.retryLaunchAt !== null && now < group.retryLaunchAt)) return;
  while (activeMembers(group).length < target) {
    if (!launchMember(state, group, launchTemplate(group))) {
      noteFailedLaunch(state, group);
      return;
    }
    group.failedLaunches = 0;
    group.failingSince = null;
    group.retryLaunchAt = null;
  }
}

function noteFailedLaunch(state: ScalingState, group: Group): void {
  const now = state.clock.now();
  const { firstRetryMs, maxRetryMs } = state.timings;
  group.failedLaunches += 1;
  group.failingSince ??= now;
  group.retryLaunchAt = now + Math.min(firstRetryMs * 2 ** (group.failedLaunches - 1), maxRetryMs);
  if (now - group.failingSince < giveUpMs) return;
  group.suspended.set(
    "Launch",
    causeAt(state, "administratively suspended: launches have failed for more than 24 hours."),
  );
}

function scaleInTo(state: ScalingState, group: Group, target: number): void {
  for (let actual = activeMembers(group).length; actual > target; actual -= 1) {
    const member = chooseForScaleIn(group);
    if (member === null) return;
    const sentence = `an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${actual} to ${actual - 1}.`;
    const selected = causeAt(state, `instance ${member.instance.id} was selected for termination.`);
    terminateMember(state, group, { member, cause: `${group.cause}  ${causeAt(state, sentence)}  ${selected}` });
  }
}

function scheduleNext(state: ScalingState, group: Group): void {
  const now = state.clock.now();
  const waitsForLaunch =
    group.retryLaunchAt !== null && !group.suspended.has("Launch") && activeMembers(group).length < targetSize(group);
  if (waitsForLaunch && group.retryLaunchAt !== null)
    reconcileSoon(state, group, Math.max(1, group.retryLaunchAt - now));
  if (activeRefresh(group) !== null) reconcileSoon(state, group, state.timings.refreshStepMs);
  const terminating = [...group.members.values()].filter(({ lifecycle }) => lifecycle === "Terminating");
  if (terminating.some((member) => isGone(state, member))) reconcileSoon(state, group);
}
