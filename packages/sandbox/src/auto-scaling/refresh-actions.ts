import { type ActionContext, type ActionHandler, AwsFault } from "../core/service.ts";
import type { FormInput } from "../ec2/form-reader.ts";
import { findGroup } from "./groups.ts";
import { placeOf, scalingState } from "./open-scaling.ts";
import { page } from "./paging.ts";
import { reconcileSoon } from "./reconcile.ts";
import { beginRollback } from "./refresh-engine.ts";
import { readPreferences, writePreferences } from "./refresh-preferences.ts";
import type { Refresh } from "./refresh-state.ts";
import { activeRefresh, canRollBack, remainingInstances } from "./refreshes.ts";
import { scalingForm, validationError } from "./scaling-fault.ts";
import type { Group } from "./scaling-state.ts";
import { writeTemplateChoice } from "./show-group.ts";
import { readTemplateChoice } from "./template-choice.ts";

/** How long refreshes are remembered: six weeks (API reference, `DescribeInstanceRefreshes`). */
const historyMs = 42 * 24 * 3_600_000;

export const refreshActions: Readonly<Record<string, ActionHandler>> = {
  StartInstanceRefresh: startInstanceRefresh,

  CancelInstanceRefresh(input, context) {
    const { state, group, refresh } = openRefresh(input, context);
    if (refresh.status === "Cancelling") throw notActive(group);
    refresh.status = "Cancelling";
    refresh.progressedAt = state.clock.now();
    reconcileSoon(state, group);
    return { InstanceRefreshId: refresh.id };
  },

  RollbackInstanceRefresh(input, context) {
    const { state, group, refresh } = openRefresh(input, context);
    if (refresh.status === "RollbackInProgress" || refresh.status === "Cancelling") throw notActive(group);
    if (!canRollBack(refresh))
      throw new AwsFault(
        "IrreversibleInstanceRefresh",
        "The desired configuration was not specified, or uses a launch template version that can change. The instance refresh cannot be rolled back.",
      );
    beginRollback(state, group, { refresh, reason: "Initiated by user request." });
    reconcileSoon(state, group);
    return { InstanceRefreshId: refresh.id };
  },

  DescribeInstanceRefreshes(input, context) {
    const state = scalingState(placeOf(context));
    const group = findGroup(state, scalingForm.text(input, "AutoScalingGroupName"));
    const ids = scalingForm.texts(input, "InstanceRefreshIds") ?? [];
    const remembered = group.refreshes.filter(({ startedAt }) => startedAt > state.clock.now() - historyMs);
    const wanted = remembered.filter(({ id }) => ids.length === 0 || ids.includes(id)).reverse();
    const { items, nextToken } = page(wanted, input, { size: 50, max: 100 });
    return { InstanceRefreshes: items.map((refresh) => writeRefresh(group, refresh)), NextToken: nextToken };
  },
};

function startInstanceRefresh(input: FormInput, context: ActionContext) {
  const state = scalingState(placeOf(context));
  const group = findGroup(state, scalingForm.text(input, "AutoScalingGroupName"));
  const preferences = readPreferences(input);
  const strategy = scalingForm.optionalText(input, "Strategy") ?? "Rolling";
  if (strategy !== "Rolling") throw validationError(`The sandbox has no instance refresh strategy ${strategy}.`);
  const configuration = scalingForm.structure(input, "DesiredConfiguration");
  const desiredTemplate = configuration === undefined ? null : readTemplateChoice(state, configuration).template;
  if (activeRefresh(group) !== null)
    throw new AwsFault(
      "InstanceRefreshInProgress",
      "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.",
    );
  const now = state.clock.now();
  const refresh: Refresh = {
    id: state.world.hexId(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
    preferences,
    desiredTemplate,
    previousTemplate: group.template,
    startedAt: now,
    status: "Pending",
    endedAt: null,
    reason: null,
    percentage: 0,
    targets: new Set(),
    total: 0,
    before: new Set(),
    surplus: 0,
    pausedUntil: 0,
    checkpointsPassed: 0,
    progressedAt: now,
    rollback: null,
  };
  if (preferences.autoRollback && !canRollBack(refresh))
    throw validationError("AutoRollback requires a desired configuration whose launch template has a fixed version.");
  group.refreshes.push(refresh);
  reconcileSoon(state, group);
  return { InstanceRefreshId: refresh.id };
}

function openRefresh(input: FormInput, context: ActionContext) {
  const state = scalingState(placeOf(context));
  const group = findGroup(state, scalingForm.text(input, "AutoScalingGroupName"));
  const refresh = activeRefresh(group);
  if (refresh === null) throw notActive(group);
  return { state, group, refresh };
}

function notActive(group: Group): AwsFault {
  return new AwsFault(
    "ActiveInstanceRefreshNotFound",
    `No in progress or pending Instance Refresh found for Auto Scaling group ${group.name}`,
  );
}

function writeRefresh(group: Group, refresh: Refresh) {
  const { rollback, desiredTemplate } = refresh;
  return {
    InstanceRefreshId: refresh.id,
    AutoScalingGroupName: group.name,
    Status: refresh.status,
    ...(refresh.reason === null ? {} : { StatusReason: refresh.reason }),
    StartTime: new Date(refresh.startedAt),
    ...(refresh.endedAt === null ? {} : { EndTime: new Date(refresh.endedAt) }),
    // Nothing is counted before the replacing begins.
    ...(refresh.status === "Pending"
      ? {}
      : { PercentageComplete: refresh.percentage, InstancesToUpdate: remainingInstances(refresh) }),
    Preferences: writePreferences(refresh.preferences),
    ...(desiredTemplate === null
      ? {}
      : { DesiredConfiguration: { LaunchTemplate: writeTemplateChoice(desiredTemplate) } }),
    ...(rollback === null
      ? {}
      : {
          RollbackDetails: {
            RollbackReason: rollback.reason,
            RollbackStartTime: new Date(rollback.startedAt),
            PercentageCompleteOnRollback: rollback.percentage,
            InstancesToUpdateOnRollback: rollback.remaining,
          },
        }),
    Strategy: "Rolling",
  };
}
