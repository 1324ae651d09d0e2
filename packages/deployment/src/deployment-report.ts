import { describeReason } from "./describe-reason.ts";
import type { DeploymentId, ImageDigest, Instant } from "./identifiers.ts";
import type { Deployment, Ledger } from "./ledger.ts";
import type { Outcome } from "./outcome.ts";
import type { Reason } from "./reason.ts";
import type { ReportStage } from "./report-record.ts";
import type { BrokenLock, Failure, PlanCounts } from "./run-records.ts";

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
  /** It succeeded, and there was nothing to change. */
  readonly noop: boolean;
  /** The state lock of a dead deployment that it broke. */
  readonly brokenLock: BrokenLock | null;
  /** What people should know though nothing failed. */
  readonly notes: readonly string[];
  /** When the same digest is tried again by itself; null where it is not. */
  readonly retryAt: Instant | null;
  /** It succeeded, and no other deployment has taken its place since. */
  readonly isLive: boolean;
  /** What is live in its stead, and can be held at; null where nothing is. */
  readonly lastGood: { readonly digest: ImageDigest; readonly commit: string | null } | null;
  /** Where those who may sign in to the area's account find its log. */
  readonly logUrl: string | null;
}

export interface ReportSource {
  readonly ledger: Ledger;
  /** From the ledger, or from the history. */
  readonly deployment: Deployment;
  /** Of this tick's report. */
  readonly stage: ReportStage;
  /** Where the image stands, as this tick explained it. */
  readonly reason: Reason | undefined;
  readonly logUrl: string | null;
}

/** Puts together what people are told about a deployment now. */
export function makeReport({ ledger, deployment, stage, reason, logUrl }: ReportSource): DeploymentReport {
  const { id, image, kind, attempt, digest, commit, launchedAt, endedAt, plan, failure } = deployment;
  const { noop, brokenLock, notes } = deployment;
  const { live = null } = ledger.images[image] ?? {};
  const report = ledger.reports[id];
  const ended = stage === "ended";
  return {
    workload: ledger.workload,
    area: ledger.area,
    image,
    kind,
    deployment: id,
    attempt,
    digest,
    commit,
    stage,
    outcome: ended ? (report?.outcome ?? null) : null,
    waitingFor: stage === "waiting" && reason !== undefined ? describeReason(reason).replace(/^waiting: /, "") : null,
    startedAt: launchedAt,
    endedAt,
    plan,
    failure,
    noop,
    brokenLock,
    notes,
    retryAt: report?.retryAt ?? null,
    isLive: live?.deployment === id,
    lastGood: live === null || live.digest === digest ? null : { digest: live.digest, commit: live.commit },
    logUrl: launchedAt === null ? null : logUrl,
  };
}
