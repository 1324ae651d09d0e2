import {
  type AutoScalingClient,
  DescribeInstanceRefreshesCommand,
  type InstanceRefresh,
} from "@aws-sdk/client-auto-scaling";
import type { GroupSelector } from "@windlass/account-mapping";
import type { GroupsReading, RefreshReading, RefreshStatus } from "@windlass/deployment";
import { callService } from "./call-service.ts";
import { cancelRefresh, type RefreshToCancel } from "./cancel-refresh.ts";
import { imagesOfTags } from "./image-tag.ts";
import { stageOf } from "./latest-refresh.ts";
import { toUnreadable } from "./orchestrator-error.ts";
import { readGroupTags } from "./read-group.ts";
import { resolveGroups } from "./resolve-groups.ts";
import { type RefreshRequest, type StartedRefresh, startRefresh } from "./start-refresh.ts";

/** Rolls images out over groups of instances by instance refresh. What fails is an `OrchestratorError`. */
export interface InstanceRefresher {
  /** The groups that a selector names now, sorted. A named group that is missing is unreadable: `group-missing`. */
  resolveGroups(selector: GroupSelector, signal?: AbortSignal): Promise<GroupsReading>;
  /**
   * The group's latest refreshes, newest first (EC2 Auto Scaling keeps them for six weeks), and, where none is in progress,
   * what its tags tell the next instance to run.
   */
  readRefreshes(group: string, signal?: AbortSignal): Promise<RefreshReading>;
  /** Tags the group with the digest, then starts a refresh. What the service refuses for good is an outcome. */
  start(request: RefreshRequest, signal?: AbortSignal): Promise<StartedRefresh>;
  /**
   * Cancels that very refresh. Fine where it is over, or on its way back, already; any other refresh is left alone.
   * Instances that were replaced stay. It is tried once: what fails may be tried again by the caller.
   */
  cancel(refresh: RefreshToCancel, signal?: AbortSignal): Promise<void>;
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
    cancel: (refresh, signal) => cancelRefresh(client, refresh, signal),
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
  const refreshes = (answer.InstanceRefreshes ?? []).map(toStatus);
  if (refreshes.some(({ status }) => stageOf(status) !== "ended"))
    return { kind: "refreshes", refreshes, imageTags: null };
  const tags = await readGroupTags(client, group, signal);
  return { kind: "refreshes", refreshes, imageTags: imagesOfTags(tags) };
}

function toStatus(refresh: InstanceRefresh): RefreshStatus {
  return {
    id: refresh.InstanceRefreshId ?? "",
    status: refresh.Status ?? "",
    percentage: refresh.PercentageComplete ?? null,
    reason: refresh.StatusReason ?? null,
  };
}
