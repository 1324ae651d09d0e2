import { type AutoScalingClient, DescribeInstanceRefreshesCommand } from "@aws-sdk/client-auto-scaling";
import { callService } from "./call-service.ts";

export interface LatestRefresh {
  readonly id: string;
  /** `leaving`: it is being cancelled or rolled back, and blocks the group until that is done. */
  readonly stage: "in-progress" | "leaving" | "ended";
}

/** The set of statuses grows, so what is not known to have ended has not. */
const stages: Readonly<Record<string, LatestRefresh["stage"]>> = {
  Successful: "ended",
  Failed: "ended",
  Cancelled: "ended",
  RollbackFailed: "ended",
  RollbackSuccessful: "ended",
  Cancelling: "leaving",
  RollbackInProgress: "leaving",
};

/** The group's newest refresh; null where it never had one. Only the newest can be in progress: they run one at a time. */
export async function readLatestRefresh(
  client: AutoScalingClient,
  group: string,
  signal?: AbortSignal,
): Promise<LatestRefresh | null> {
  // Sorted by creation, newest first (API model).
  const command = new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: group, MaxRecords: 1 });
  const answer = await callService(`DescribeInstanceRefreshes of ${group}`, signal, (options) =>
    client.send(command, options),
  );
  const latest = answer.InstanceRefreshes?.[0];
  if (latest === undefined) return null;
  return { id: latest.InstanceRefreshId ?? "", stage: stageOf(latest.Status ?? "") };
}

export function stageOf(status: string): LatestRefresh["stage"] {
  return stages[status] ?? "in-progress";
}
