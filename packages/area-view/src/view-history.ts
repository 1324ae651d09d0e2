import type { AccountMapping } from "@windlass/account-mapping";
import type { Deployment, DeploymentId, Failure, Instant, Ledger, PlanCounts, Request } from "@windlass/deployment";
import type { Links, VersionView } from "./area-view.ts";
import { commitUrlOf, linkPlaceOf, linksOf } from "./link-place.ts";

/** Which deployments are meant; what is left out does not matter. */
export interface HistoryFilter {
  readonly images?: readonly string[] | undefined;
  readonly states?: readonly Deployment["state"][] | undefined;
  /** The beginning of a commit or of a digest, with or without `sha256:`. */
  readonly version?: string | undefined;
  /** Decided then or later. */
  readonly since?: Date | undefined;
  /** Decided before then. */
  readonly until?: Date | undefined;
  /** At most so many, the newest. */
  readonly limit?: number | undefined;
}

export interface HistoryView {
  readonly area: string;
  /** How many match, with those that the limit leaves out. */
  readonly total: number;
  /** Newest first. */
  readonly deployments: readonly DeploymentSummary[];
}

export interface DeploymentSummary extends VersionView {
  readonly deployment: DeploymentId;
  readonly image: string;
  readonly kind: Deployment["kind"];
  /** How it ended, or how far it is. */
  readonly state: Deployment["state"];
  /** 1 for the first attempt at this digest. */
  readonly attempt: number;
  readonly decidedAt: Instant;
  readonly launchedAt: Instant | null;
  readonly endedAt: Instant | null;
  /** From its launch to its end. */
  readonly seconds: number | null;
  readonly plan: PlanCounts | null;
  /** It succeeded, and there was nothing to change. */
  readonly noop: boolean;
  readonly failure: Failure | null;
  /** Who allowed it to start outside the windows. */
  readonly startedBy: Request | null;
  /** Who asked it to stop. */
  readonly cancel: Request | null;
  readonly links: Links;
}

export interface HistoryInput {
  /** The account mapping cut down to the area. */
  readonly slice: AccountMapping;
  readonly area: string;
  /** Null where there is none, or it was not read: it knows what GitHub shows. */
  readonly ledger: Ledger | null;
  /** In any order. */
  readonly deployments: readonly Deployment[];
  readonly filter?: HistoryFilter;
}

/** The deployments that a filter lets through, newest first. */
export function viewHistory({ slice, area, ledger, deployments, filter = {} }: HistoryInput): HistoryView {
  const found = deployments
    .filter((deployment) => matches(deployment, filter))
    .toSorted((one, other) => other.epoch - one.epoch);
  const shown = found.slice(0, filter.limit ?? found.length);
  return { area, total: found.length, deployments: shown.map((one) => summarizeDeployment(slice, one, ledger)) };
}

function matches(deployment: Deployment, { images, states, version, since, until }: HistoryFilter): boolean {
  const decided = Date.parse(decidedAt(deployment));
  return (
    (images === undefined || images.includes(deployment.image)) &&
    (states === undefined || states.includes(deployment.state)) &&
    (version === undefined || isVersion(deployment, version)) &&
    (since === undefined || decided >= since.getTime()) &&
    (until === undefined || decided < until.getTime())
  );
}

function isVersion({ commit, digest }: Deployment, version: string): boolean {
  const wanted = version.toLowerCase();
  return commit?.startsWith(wanted) === true || digest.startsWith(wanted) || digest.startsWith(`sha256:${wanted}`);
}

export function summarizeDeployment(
  slice: AccountMapping,
  deployment: Deployment,
  ledger: Ledger | null,
): DeploymentSummary {
  const { id, image, kind, state, attempt, digest, commit, launchedAt, endedAt } = deployment;
  const { plan, noop, failure, startedBy, cancel } = deployment;
  const place = linkPlaceOf(slice, image);
  return {
    deployment: id,
    image,
    kind,
    state,
    attempt,
    digest,
    commit,
    commitUrl: commitUrlOf(place, commit),
    decidedAt: decidedAt(deployment),
    launchedAt,
    endedAt,
    seconds: launchedAt === null || endedAt === null ? null : secondsBetween(launchedAt, endedAt),
    plan,
    noop,
    failure,
    startedBy,
    cancel,
    links: linksOf(place, deployment, ledger),
  };
}

/** An id begins with the second of its decision, in UTC. */
export function decidedAt({ id }: Pick<Deployment, "id">): Instant {
  const [day, time] = [id.slice(0, 8), id.slice(9, 15)];
  const date = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
  return `${date}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}.000Z` as Instant;
}

export function secondsBetween(from: Instant, to: Instant): number {
  return Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
}
