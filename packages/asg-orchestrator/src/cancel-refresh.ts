import { type AutoScalingClient, CancelInstanceRefreshCommand } from "@aws-sdk/client-auto-scaling";
import { callService } from "./call-service.ts";
import { readLatestRefresh } from "./latest-refresh.ts";
import { OrchestratorError } from "./orchestrator-error.ts";

export interface RefreshToCancel {
  readonly group: string;
  readonly refreshId: string;
}

/**
 * Cancels that very refresh. CancelInstanceRefresh takes a group only, and cancels whatever is in progress there (API
 * model), so it is called where that refresh was seen to be the one a moment ago, and just once.
 */
export async function cancelRefresh(
  client: AutoScalingClient,
  { group, refreshId }: RefreshToCancel,
  signal?: AbortSignal,
): Promise<void> {
  try {
    const latest = await readLatestRefresh(client, group, signal);
    if (latest?.id !== refreshId || latest.stage !== "in-progress") return;
    const command = sentOnce(new CancelInstanceRefreshCommand({ AutoScalingGroupName: group }));
    await callService(`CancelInstanceRefresh of ${group}`, signal, (options) => client.send(command, options));
  } catch (error) {
    const code = error instanceof OrchestratorError ? error.code : null;
    if (code !== "no-active-refresh" && code !== "group-missing") throw error;
  }
}

/** The client tries nothing again: it would do so seconds later, when the next refresh may be the one in progress. */
function sentOnce(command: CancelInstanceRefreshCommand): CancelInstanceRefreshCommand {
  command.middlewareStack.add((next) => next, {
    name: "retryMiddleware",
    step: "finalizeRequest",
    priority: "high",
    override: true,
  });
  return command;
}
