import {
  type AutoScalingClient,
  CancelInstanceRefreshCommand,
  DescribeInstanceRefreshesCommand,
  type InstanceRefresh,
} from "@aws-sdk/client-auto-scaling";
import type { GroupSelector } from "@windlass/account-mapping";
import type { GroupsReading, RefreshReading, RefreshStatus } from "@windlass/deployment";
import { callService } from "./call-service.ts";
import { OrchestratorError, toUnreadable } from "./orchestrator-error.ts";
import { resolveGroups } from "./resolve-groups.ts";
import { type RefreshRequest, type StartedRefresh, startRefresh } from "./start-refresh.ts";

/** Rolls images out over groups of instances by instance refresh. What fails is an `OrchestratorError`. */
export interface InstanceRefresher {
  /** The groups that a selector names now, sorted. A named group that is missing is unreadable: `group-missing`. */
  resolveGroups(selector: GroupSelector, signal?: AbortSignal): Promise<GroupsReading>;
  /** The group's latest refreshes, newest first; EC2 Auto Scaling keeps them for six weeks. */
  readRefreshes(group: string, signal?: AbortSignal): Promise<RefreshReading>;
  /** Tags the group with the digest, then starts a refresh. What the service refuses for good is an outcome. */
  start(request: RefreshRequest, signal?: AbortSignal): Promise<StartedRefresh>;
  /** Cancels the refresh in progress; none, or no such group, is fine. Instances that were replaced stay. */
  cancel(group: string, signal?: AbortSignal): Promise<void>;
}

/**
 * Makes the refresher of an account and Region.
 *
 * @example
 * ```ts
 * const refresher = createInstanceRefresher({ client: new AutoScalingClient({ region }) });
 * const started = await refresher.start({ group: "web", image: "dga-web", digest, preferences });
 * ```
 */
export function createInstanceRefresher(options: { readonly client: AutoScalingClient }): InstanceRefresher {
  const { client } = options;
  return {
    resolveGroups: (selector, signal) => resolveGroups(client, selector, signal),
    readRefreshes: (group, signal) => readRefreshes(client, group, signal).catch(toUnreadable),
    start: (request, signal) => startRefresh(client, request, signal),
    cancel: (group, signal) => cancel(client, group, signal),
  };
}

async function readRefreshes(
  client: AutoScalingClient,
  group: string,
  signal: AbortSignal | undefined,
): Promise<RefreshReading> {
  // Sorted by creation, newest first (API model), so one page has all that matters.
  const command = new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: group, MaxRecords: 50 });
  const answer = await callService(`DescribeInstanceRefreshes of ${group}`, signal, (sendOptions) =>
    client.send(command, sendOptions),
  );
  return { kind: "refreshes", refreshes: (answer.InstanceRefreshes ?? []).map(toStatus) };
}

function toStatus(refresh: InstanceRefresh): RefreshStatus {
  return {
    id: refresh.InstanceRefreshId ?? "",
    status: refresh.Status ?? "",
    percentage: refresh.PercentageComplete ?? null,
    reason: refresh.StatusReason ?? null,
  };
}

async function cancel(client: AutoScalingClient, group: string, signal: AbortSignal | undefined): Promise<void> {
  const command = new CancelInstanceRefreshCommand({ AutoScalingGroupName: group });
  try {
    await callService(`CancelInstanceRefresh of ${group}`, signal, (options) => client.send(command, options));
  } catch (error) {
    const code = error instanceof OrchestratorError ? error.code : null;
    if (code !== "no-active-refresh" && code !== "group-missing") throw error;
  }
}
