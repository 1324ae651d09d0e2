import type { DeploymentId, ImageDigest, Instant } from "./identifiers.ts";
import type { Deployment, Outcome } from "./ledger.ts";
import type { Failure, PlanCounts } from "./run-records.ts";

/** How far a deployment has come, as far as people are told. It only ever goes forward. */
export type ReportStage = "waiting" | "running" | "ended";

/** What people are told about one deployment: plain data, the same for every place where it is shown. */
export interface DeploymentReport {
  readonly workload: string;
  readonly area: string;
  readonly image: string;
  readonly kind: Deployment["kind"];
  readonly deployment: DeploymentId;
  /** 1 for the first attempt at this digest. */
  readonly attempt: number;
  readonly digest: ImageDigest;
  /** As the image's tag or label names it, 7 to 64 hexadecimal digits; null where nothing names one. */
  readonly commit: string | null;
  readonly stage: ReportStage;
  /** Null until it has ended. */
  readonly outcome: Outcome | null;
  /** What it waits for, in words; null once it is launched. */
  readonly waitingFor: string | null;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly plan: PlanCounts | null;
  readonly failure: Failure | null;
  /** When the same digest is tried again by itself; null where it is not. */
  readonly retryAt: Instant | null;
  /** It succeeded, and no other deployment has taken its place since. */
  readonly isLive: boolean;
  /** What is live in its stead, and can be held at; null where nothing is. */
  readonly lastGood: { readonly digest: ImageDigest; readonly commit: string | null } | null;
  /** Where those who may sign in to the area's account find its log. */
  readonly logUrl: string | null;
}
