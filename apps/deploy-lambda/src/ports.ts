import type { DeployGroup, InstanceRefresher } from "@windlass/asg-orchestrator";
import type { Deployment, Sinks } from "@windlass/deployment";
import type { HeadReader } from "@windlass/ecr-tag-diff";
import type { GitHubNotifier } from "@windlass/github-notifier";
import type { LedgerStore } from "@windlass/ledger-store";
import type { SnsNotifier } from "@windlass/sns-notifier";
import type { AccountGuard } from "./account-guard.ts";

/** The world as a tick sees it; made in `main.ts`. */
export interface Ports {
  readonly checkAccount: AccountGuard;
  readonly store: LedgerStore;
  readonly heads: HeadReader;
  readonly group: DeployGroup;
  readonly refresher: InstanceRefresher;
  readonly reports: ReportPorts;
}

/** Where reports go. What makes them is loaded with the first of them: most ticks have nothing to tell. */
export interface ReportPorts {
  readonly sinks: Sinks;
  /** Of GitHub's pages, for links to commits; null where there is no GitHub. */
  readonly commitUrl: ((repository: string, commit: string) => string) | null;
  /** Where those who may sign in to the account find a deployment's log. */
  readonly logUrl: (deployment: Deployment) => string;
  load(): Promise<Reporters>;
}

export interface Reporters {
  readonly github: GitHubNotifier | null;
  readonly topics: SnsNotifier | null;
}
