import type { DeployGroup, InstanceRefresher } from "@windlass/asg-orchestrator";
import type { HeadReader } from "@windlass/ecr-tag-diff";
import type { LedgerStore } from "@windlass/ledger-store";
import type { AccountGuard } from "./account-guard.ts";

/** The world as a tick sees it; made in `main.ts`. */
export interface Ports {
  readonly checkAccount: AccountGuard;
  readonly store: LedgerStore;
  readonly heads: HeadReader;
  readonly group: DeployGroup;
  readonly refresher: InstanceRefresher;
}
