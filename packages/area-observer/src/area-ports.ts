import type { DeployGroup, InstanceRefresher } from "@windlass/asg-orchestrator";
import type { HeadReader } from "@windlass/ecr-tag-diff";
import type { LedgerStore } from "@windlass/ledger-store";

/** What an area is looked at through: reads alone. */
export interface AreaPorts {
  readonly store: Pick<LedgerStore, "listControls" | "readRun">;
  readonly heads: HeadReader;
  readonly group: Pick<DeployGroup, "observe" | "readInstances" | "readLaunchFailures">;
  readonly refresher: Pick<InstanceRefresher, "readRefreshes" | "resolveGroups">;
}
