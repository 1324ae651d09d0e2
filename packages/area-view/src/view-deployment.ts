import type { AccountMapping } from "@windlass/account-mapping";
import type {
  BrokenLock,
  Deployment,
  Instant,
  Lease,
  Ledger,
  Outcome,
  Phase,
  PlaceName,
  ReportPlace,
  ReportStage,
  Result,
} from "@windlass/deployment";
import { linkPlaceOf } from "./link-place.ts";
import { type DeploymentSummary, decidedAt, summarizeDeployment } from "./view-history.ts";

/** One deployment, as far as its records tell. */
export interface DeploymentView extends DeploymentSummary {
  readonly area: string;
  readonly epoch: number;
  readonly pushedAt: Instant | null;
  readonly waitingSince: Instant;
  /** The instance that holds its claim. */
  readonly instance: string | null;
  /** As the runner's last sign of life says; null where there was none. */
  readonly phase: Phase | null;
  readonly progress: string | null;
  readonly exitCode: number | null;
  /** By group, for an instance refresh. */
  readonly groups: readonly RefreshedGroup[];
  /** What happened, in order. */
  readonly timeline: readonly TimelineEvent[];
  /** Steps that have ended, in order. */
  readonly steps: Result["steps"];
  /** What its runner wrote and no tick has taken yet; null otherwise. */
  readonly untaken: Result["outcome"] | null;
  readonly brokenLock: BrokenLock | null;
  readonly notes: readonly string[];
  /** What the ledger still knows of its reports: none once everything is shown. */
  readonly reports: readonly ReportView[];
}

export interface RefreshedGroup {
  readonly group: string;
  readonly stage: "rolling" | "rolling-back";
  readonly status: string | null;
  readonly percentage: number | null;
  readonly reason: string | null;
}

export interface TimelineEvent {
  readonly at: Instant;
  readonly event:
    | "pushed"
    | "decided"
    | "allowed"
    | "launched"
    | "claimed"
    | "began"
    | "cancel-asked"
    | "lease-expired"
    | "ended";
  readonly text: string;
}

export interface ReportView {
  readonly place: PlaceName;
  /** What is shown there; null: nothing yet. */
  readonly shown: ReportStage | null;
  /** Id of a check run or deployment, number of an issue. */
  readonly id: number | null;
  readonly url: string | null;
  /** Why it is not shown, in words; null where nothing is in the way. */
  readonly trouble: string | null;
}

export interface DeploymentInput {
  /** The account mapping cut down to the area. */
  readonly slice: AccountMapping;
  readonly area: string;
  readonly ledger: Ledger | null;
  /** From the ledger, or from the history. */
  readonly deployment: Deployment;
  /** Null where there is none, or it can not be read. */
  readonly lease?: Lease | null;
  readonly result?: Result | null;
}

/** Everything about one deployment. */
export function viewDeployment(input: DeploymentInput): DeploymentView {
  const { slice, area, ledger, deployment, lease = null, result = null } = input;
  const { epoch, pushedAt, waitingSince, holder, exitCode, brokenLock, notes, endedAt } = deployment;
  return {
    ...summarizeDeployment(slice, deployment, ledger),
    area,
    epoch,
    pushedAt,
    waitingSince,
    instance: holder?.instance ?? lease?.instance ?? null,
    phase: lease?.phase ?? deployment.phase,
    progress: lease?.progress ?? deployment.progress,
    exitCode,
    groups: viewGroups(deployment),
    timeline: viewTimeline(deployment, result),
    steps: result?.steps ?? [],
    untaken: endedAt === null && result !== null ? result.outcome : null,
    brokenLock,
    notes,
    reports: viewReports(input),
  };
}

function viewGroups({ refresh }: Deployment): readonly RefreshedGroup[] {
  if (refresh === null) return [];
  return Object.entries(refresh.groups).map(([group, { status, percentage, reason }]) => ({
    group,
    stage: refresh.stage,
    status,
    percentage,
    reason,
  }));
}

/** Of one moment, in the order in which things are caused. */
function viewTimeline(deployment: Deployment, result: Result | null): readonly TimelineEvent[] {
  const { pushedAt, startedBy, launchedAt, holder, cancel, leaseExpiredSince, endedAt, state } = deployment;
  const events: readonly (TimelineEvent | null)[] = [
    event("pushed", pushedAt, "the image was pushed"),
    event("decided", decidedAt(deployment), `attempt ${deployment.attempt} at this digest was decided`),
    event("allowed", startedBy?.at ?? null, `${startedBy?.by} allowed the start now: ${startedBy?.reason}`),
    event("launched", launchedAt, deployment.kind === "terraform" ? "an instance was asked for" : "it was started"),
    event("claimed", holder?.at ?? null, `${holder?.instance} took the claim`),
    event("began", result?.startedAt ?? null, "the runner began"),
    event("cancel-asked", cancel?.at ?? null, `${cancel?.by} asked it to stop: ${cancel?.reason}`),
    event("lease-expired", leaseExpiredSince, "the lease was seen to have expired"),
    event("ended", endedAt, describeEnd(deployment, state)),
  ];
  return events.filter((one) => one !== null).toSorted((one, other) => one.at.localeCompare(other.at));
}

function event(name: TimelineEvent["event"], at: Instant | null, text: string): TimelineEvent | null {
  return at === null ? null : { at, event: name, text };
}

function describeEnd({ failure, noop }: Deployment, state: Outcome | Deployment["state"]): string {
  if (noop) return `${state}: there was nothing to change`;
  return failure === null ? state : `${state}: ${failure.message}`;
}

const PLACES: readonly PlaceName[] = ["check", "deployment", "issue", "topic"];

function viewReports({ slice, ledger, deployment }: DeploymentInput): readonly ReportView[] {
  const report = ledger?.reports[deployment.id];
  if (report === undefined) return [];
  const { repository } = linkPlaceOf(slice, deployment.image);
  return PLACES.flatMap((place) => {
    const found = report[place];
    return found === null ? [] : [viewReport(place, found, repository)];
  });
}

function viewReport(place: PlaceName, { shown, id, trouble }: ReportPlace, repository: string | null): ReportView {
  const page = { check: "runs", deployment: null, issue: "issues", topic: null }[place];
  const url = repository === null || page === null || id === null ? null : `${repository}/${page}/${id}`;
  return { place, shown, id, url, trouble: trouble?.message ?? null };
}
