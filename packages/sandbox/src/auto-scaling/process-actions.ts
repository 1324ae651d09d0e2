import type { ActionHandler } from "../core/service.ts";
import type { FormInput } from "../ec2/form-reader.ts";
import { rememberedActivities, writeActivity } from "./activities.ts";
import { findGroup } from "./groups.ts";
import { placeOf, scalingState } from "./open-scaling.ts";
import { page } from "./paging.ts";
import { resumeProcesses, suspendProcesses } from "./processes.ts";
import { scalingForm, validationError } from "./scaling-fault.ts";

const processes = [
  "Launch",
  "Terminate",
  "HealthCheck",
  "ReplaceUnhealthy",
  "AZRebalance",
  "AlarmNotification",
  "ScheduledActions",
  "AddToLoadBalancer",
  "InstanceRefresh",
];

export const processActions: Readonly<Record<string, ActionHandler>> = {
  SuspendProcesses(input, context) {
    const state = scalingState(placeOf(context));
    const group = findGroup(state, scalingForm.text(input, "AutoScalingGroupName"));
    suspendProcesses(state, group, readProcesses(input));
  },

  ResumeProcesses(input, context) {
    const state = scalingState(placeOf(context));
    const group = findGroup(state, scalingForm.text(input, "AutoScalingGroupName"));
    resumeProcesses(state, group, readProcesses(input));
  },

  DescribeScalingActivities(input, context) {
    const state = scalingState(placeOf(context));
    const name = scalingForm.optionalText(input, "AutoScalingGroupName");
    const ids = scalingForm.texts(input, "ActivityIds") ?? [];
    const withDeleted = scalingForm.optionalFlag(input, "IncludeDeletedGroups") ?? false;
    if (name !== undefined && !withDeleted) findGroup(state, name);
    const remembered = rememberedActivities(state).filter(
      (activity) =>
        (name === undefined || activity.group === name) &&
        (ids.length === 0 || ids.includes(activity.id)) &&
        (withDeleted || state.groups.get(activity.group)?.arn === activity.groupArn),
    );
    const { items, nextToken } = page(remembered, input, { size: 100, max: 100 });
    return { Activities: items.map(writeActivity), NextToken: nextToken };
  },
};

function readProcesses(input: FormInput): readonly string[] {
  const names = scalingForm.texts(input, "ScalingProcesses") ?? [];
  const unknown = names.find((name) => !processes.includes(name));
  if (unknown !== undefined) throw validationError(`${unknown} is not a valid process type.`);
  // No names mean all of them (API reference, `SuspendProcesses`).
  return names.length === 0 ? processes : names;
}
