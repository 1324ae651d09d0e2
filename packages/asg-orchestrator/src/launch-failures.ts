import { type Activity, type AutoScalingClient, DescribeScalingActivitiesCommand } from "@aws-sdk/client-auto-scaling";
import { type LaunchFailure, toInstant } from "@windlass/deployment";
import { callService } from "./call-service.ts";
import { isLaunch, readLaunchFailureCode } from "./service-text.ts";

/** 100 activities each; a group that fails to launch writes one every few minutes. */
const mostPages = 5;

/** Failed launches that began at that time or later, newest first. */
export async function readLaunchFailures(
  client: AutoScalingClient,
  group: string,
  query: { readonly since: Date; readonly signal?: AbortSignal | undefined },
): Promise<readonly LaunchFailure[]> {
  const failures: LaunchFailure[] = [];
  let token: string | undefined;
  for (let page = 1; page <= mostPages; page += 1) {
    const input = {
      AutoScalingGroupName: group,
      MaxRecords: 100,
      ...(token === undefined ? {} : { NextToken: token }),
    };
    const answer = await callService(`DescribeScalingActivities of ${group}`, query.signal, (options) =>
      client.send(new DescribeScalingActivitiesCommand(input), options),
    );
    const activities = answer.Activities ?? [];
    failures.push(...activities.filter((activity) => isFailedLaunch(activity, query.since)).map(toFailure));
    token = answer.NextToken;
    if (token === undefined || token === "" || reaches(activities, query.since)) break;
  }
  return failures;
}

function isFailedLaunch(activity: Activity, since: Date): boolean {
  // Further codes may come; only this one says that a launch failed for good.
  return activity.StatusCode === "Failed" && isLaunch(activity.Description ?? "") && !isBefore(activity, since);
}

/** Activities are sorted by start time, those in progress first (API model): an ended old one ends the search. */
function reaches(activities: readonly Activity[], since: Date): boolean {
  const last = activities.at(-1);
  return last?.EndTime !== undefined && isBefore(last, since);
}

function isBefore(activity: Activity, since: Date): boolean {
  return activity.StartTime !== undefined && activity.StartTime.getTime() < since.getTime();
}

function toFailure(activity: Activity): LaunchFailure {
  const message = activity.StatusMessage ?? activity.Description ?? "";
  const at = activity.EndTime ?? activity.StartTime ?? new Date(0);
  return { at: toInstant(at), code: readLaunchFailureCode(message), message };
}
