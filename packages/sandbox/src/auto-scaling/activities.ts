import type { Activity, Group, ScalingState } from "./scaling-state.ts";

export interface NewActivity {
  readonly description: string;
  readonly cause: string;
  readonly availabilityZone: string;
}

/** How long activities are remembered: six weeks (API reference, `DescribeScalingActivities`). */
const historyMs = 42 * 24 * 3_600_000;

export function startActivity(state: ScalingState, group: Group, start: NewActivity): Activity {
  rememberedActivities(state);
  const index = group.availabilityZones.indexOf(start.availabilityZone);
  const subnet = group.subnets[index];
  const details = {
    ...(subnet === undefined ? {} : { "Subnet ID": subnet }),
    "Availability Zone": start.availabilityZone,
  };
  const activity: Activity = {
    id: state.world.hexId(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
    group: group.name,
    groupArn: group.arn,
    description: start.description,
    cause: start.cause,
    details: JSON.stringify(details),
    startedAt: state.clock.now(),
    endedAt: null,
    status: "InProgress",
    message: null,
    progress: 0,
  };
  state.activities.unshift(activity);
  return activity;
}

/** Newest first. Drops what nobody can ask for any more. */
export function rememberedActivities(state: ScalingState): readonly Activity[] {
  const oldest = state.clock.now() - historyMs;
  while ((state.activities.at(-1)?.startedAt ?? oldest) < oldest) state.activities.pop();
  return state.activities;
}

export function endActivity(
  state: ScalingState,
  activity: Activity,
  status: "Successful" | "Failed",
  message?: string,
): void {
  if (activity.endedAt !== null) return;
  activity.status = status;
  activity.message = message ?? null;
  activity.progress = 100;
  activity.endedAt = state.clock.now();
}

/** `At 2026-11-24T09:00:00Z a user request ...`: how the service begins every sentence of a cause. */
export function causeAt(state: ScalingState, sentence: string): string {
  return `At ${new Date(state.clock.now()).toISOString().slice(0, 19)}Z ${sentence}`;
}

export function writeActivity(activity: Activity) {
  return {
    ActivityId: activity.id,
    AutoScalingGroupName: activity.group,
    AutoScalingGroupARN: activity.groupArn,
    Description: activity.description,
    Cause: activity.cause,
    StartTime: new Date(activity.startedAt),
    ...(activity.endedAt === null ? {} : { EndTime: new Date(activity.endedAt) }),
    StatusCode: activity.status,
    ...(activity.message === null ? {} : { StatusMessage: activity.message }),
    Progress: activity.progress,
    Details: activity.details,
  };
}
