import { templateVersion } from "../ec2/launch-templates.ts";
import { causeAt } from "./activities.ts";
import { activeMembers, terminateMember } from "./members.ts";
import type { Refresh } from "./refresh-state.ts";
import { activeRefresh, canRollBack, remainingInstances } from "./refreshes.ts";
import type { Group, Member, ScalingState } from "./scaling-state.ts";

/** Without progress for that long a refresh fails (guide, "Instance refresh failed"). */
const patienceMs = 3_600_000;

/** Brings the group's refresh one step further; what is missing afterwards is launched with the group's capacity. */
export function stepRefresh(state: ScalingState, group: Group): void {
  const refresh = activeRefresh(group);
  if (refresh === null) return;
  const now = state.clock.now();
  if (now - Math.max(refresh.progressedAt, refresh.pausedUntil) > patienceMs) timeOut(state, group, refresh);
  else if (!group.refreshStalled && !group.suspended.has("InstanceRefresh")) goOn(state, group, refresh);
}

/** Replaces what was replaced, with the template from before. */
export function beginRollback(state: ScalingState, group: Group, rollback: { refresh: Refresh; reason: string }): void {
  const { refresh, reason } = rollback;
  const remaining = remainingInstances(refresh);
  refresh.rollback = { reason, startedAt: state.clock.now(), percentage: refresh.percentage, remaining };
  const replaced = activeMembers(group).filter(({ instance }) => !refresh.before.has(instance.id));
  refresh.status = "RollbackInProgress";
  setTargets(state, group, { refresh, targets: replaced });
}

export function failRefresh(state: ScalingState, group: Group, failure: { refresh: Refresh; reason: string }): void {
  const { refresh, reason } = failure;
  refresh.reason = reason;
  const rollsBack = refresh.preferences.autoRollback && refresh.status === "InProgress" && canRollBack(refresh);
  if (rollsBack) beginRollback(state, group, failure);
  else end(state, refresh, refresh.status === "RollbackInProgress" ? "RollbackFailed" : "Failed");
}

function goOn(state: ScalingState, group: Group, refresh: Refresh): void {
  switch (refresh.status) {
    case "Pending":
      begin(state, group, refresh);
      break;
    case "InProgress":
    case "RollbackInProgress":
      advance(state, group, refresh);
      break;
    case "Cancelling":
      if (isComplete(group)) end(state, refresh, "Cancelled");
      break;
    case "Baking":
      if (state.clock.now() >= refresh.pausedUntil) succeed(state, group, refresh);
      break;
    default:
      break;
  }
}

function begin(state: ScalingState, group: Group, refresh: Refresh): void {
  const { skipMatching, scaleInProtected } = refresh.preferences;
  const targets = activeMembers(group).filter(
    (member) =>
      !(skipMatching && matches(state, group, member)) &&
      !(scaleInProtected === "Ignore" && member.protectedFromScaleIn),
  );
  refresh.status = "InProgress";
  setTargets(state, group, { refresh, targets });
  advance(state, group, refresh);
}

/** Compares templates only: that the group's tags have changed does not make an instance different. */
function matches(state: ScalingState, group: Group, member: Member): boolean {
  const choice = activeRefresh(group)?.desiredTemplate ?? group.template;
  const template = state.ec2.templates.get(choice.id);
  if (template === undefined || template.id !== member.template.id) return false;
  return String(templateVersion(template, choice.version ?? undefined).number) === member.template.version;
}

function setTargets(
  state: ScalingState,
  group: Group,
  { refresh, targets }: { refresh: Refresh; targets: readonly Member[] },
): void {
  refresh.targets.clear();
  for (const { instance } of targets) refresh.targets.add(instance.id);
  refresh.total = refresh.targets.size;
  refresh.before = new Set(group.members.keys());
  refresh.progressedAt = state.clock.now();
}

function advance(state: ScalingState, group: Group, refresh: Refresh): void {
  const active = activeMembers(group);
  for (const id of refresh.targets) if (!active.some(({ instance }) => instance.id === id)) refresh.targets.delete(id);
  const settled = active.filter((member) => isSettled(state, group, { refresh, member }));
  const replaced = Math.min(refresh.total - refresh.targets.size, settled.length);
  noteProgress(state, refresh, refresh.total === 0 ? 100 : Math.floor((100 * replaced) / refresh.total));
  const fault = group.refreshFault;
  if (fault !== null && refresh.percentage >= fault.atPercentage) {
    group.refreshFault = null;
    failRefresh(state, group, { refresh, reason: fault.reason });
    return;
  }
  const unsettled = active.filter(({ instance }) => !refresh.before.has(instance.id)).length - settled.length;
  if (refresh.targets.size === 0 && unsettled === 0 && isComplete(group)) finish(state, group, refresh);
  else if (state.clock.now() >= refresh.pausedUntil) replaceNext(state, group, { refresh, settled });
}

/** New, in service, and warmed up. */
function isSettled(
  state: ScalingState,
  group: Group,
  { refresh, member }: { refresh: Refresh; member: Member },
): boolean {
  if (refresh.before.has(member.instance.id) || member.inServiceAt === null) return false;
  const warmup = refresh.preferences.instanceWarmup ?? group.graceSeconds;
  return state.clock.now() >= member.inServiceAt + warmup * 1000;
}

function isComplete(group: Group): boolean {
  const active = activeMembers(group);
  return active.length >= group.desired && active.every(({ lifecycle }) => lifecycle === "InService");
}

function noteProgress(state: ScalingState, refresh: Refresh, percentage: number): void {
  // A rollback does not count its percentage up again.
  if (refresh.status === "InProgress" && percentage > refresh.percentage) {
    refresh.percentage = percentage;
    refresh.progressedAt = state.clock.now();
  }
  const { checkpointPercentages, checkpointDelay } = refresh.preferences;
  const checkpoint = checkpointPercentages[refresh.checkpointsPassed];
  if (checkpoint === undefined || refresh.percentage < checkpoint || refresh.percentage === 100) return;
  refresh.checkpointsPassed += 1;
  refresh.pausedUntil = state.clock.now() + checkpointDelay * 1000;
}

/** Takes out as many as the healthy percentage allows, and one at least (guide, "How an instance refresh works"). */
function replaceNext(state: ScalingState, group: Group, at: { refresh: Refresh; settled: readonly Member[] }): void {
  const { refresh, settled } = at;
  const { minHealthyPercentage, maxHealthyPercentage, scaleInProtected } = refresh.preferences;
  const mayExceed = Math.floor((group.desired * (maxHealthyPercentage - 100)) / 100);
  const allowedSurplus = maxHealthyPercentage > 100 ? Math.max(1, mayExceed) : 0;
  const active = activeMembers(group);
  const old = active.filter(({ instance, lifecycle }) => refresh.before.has(instance.id) && lifecycle === "InService");
  const needed = Math.ceil((group.desired * minHealthyPercentage) / 100);
  const spare = settled.length + old.length - needed;
  const idle = active.length >= group.desired && settled.length + old.length === active.length;
  const count = Math.max(spare, idle && allowedSurplus === 0 ? 1 : 0);
  const candidates = old.filter(
    ({ instance, protectedFromScaleIn }) =>
      refresh.targets.has(instance.id) && (scaleInProtected === "Refresh" || !protectedFromScaleIn),
  );
  for (const member of candidates.slice(0, Math.max(0, count))) {
    const sentence = "an instance was taken out of service in response to an instance refresh.";
    terminateMember(state, group, { member, cause: causeAt(state, sentence) });
    refresh.targets.delete(member.instance.id);
    refresh.progressedAt = state.clock.now();
  }
  refresh.surplus = Math.min(allowedSurplus, refresh.targets.size);
}

function finish(state: ScalingState, group: Group, refresh: Refresh): void {
  if (refresh.status === "RollbackInProgress") {
    end(state, refresh, "RollbackSuccessful");
    return;
  }
  refresh.percentage = 100;
  const { bakeTime } = refresh.preferences;
  refresh.status = "Baking";
  refresh.pausedUntil = state.clock.now() + bakeTime * 1000;
  if (bakeTime === 0) succeed(state, group, refresh);
}

function succeed(state: ScalingState, group: Group, refresh: Refresh): void {
  if (refresh.desiredTemplate !== null) group.template = refresh.desiredTemplate;
  end(state, refresh, "Successful");
}

function timeOut(state: ScalingState, group: Group, refresh: Refresh): void {
  if (refresh.status === "Cancelling") {
    end(state, refresh, "Cancelled");
    return;
  }
  const reason = `Instance refresh made no progress for ${patienceMs / 60_000} minutes. ${remainingInstances(refresh)} instances are left to be replaced.`;
  failRefresh(state, group, { refresh, reason });
}

function end(state: ScalingState, refresh: Refresh, status: Refresh["status"]): void {
  refresh.status = status;
  refresh.surplus = 0;
  refresh.endedAt = state.clock.now();
}
