import type { AccountMapping, Image } from "@windlass/account-mapping";
import {
  type Deployment,
  describeReason,
  type ImageRecord,
  type Lease,
  type Ledger,
  type Reason,
} from "@windlass/deployment";
import type { ActiveDeploymentView, HoldView, ImageView, LiveView, Standing, VersionView } from "./area-view.ts";
import { commitUrlOf, type LinkPlace, linkPlaceOf } from "./link-place.ts";
import { logUrlOf } from "./log-url.ts";
import { viewFailure } from "./view-failure.ts";

export interface ImageInput {
  readonly slice: AccountMapping;
  readonly ledger: Ledger;
  readonly leases: Readonly<Record<string, Lease>>;
  /** Deployments of the history. */
  readonly ended: readonly Deployment[];
  readonly reason: Reason;
  readonly now: Date;
}

const NOTHING: Pick<
  ImageRecord,
  "head" | "live" | "previous" | "hold" | "block" | "attempts" | "deployNow" | "disturbed"
> = {
  head: null,
  live: null,
  previous: null,
  hold: null,
  block: null,
  attempts: null,
  deployNow: null,
  disturbed: null,
};

export function viewImage(input: ImageInput, name: string, image: Image): ImageView {
  const { slice, ledger, ended } = input;
  const place = linkPlaceOf(slice, name);
  const record = ledger.images[name] ?? NOTHING;
  const { head, previous, block, attempts, deployNow } = record;
  const deployment = viewActive(input, name, place);
  const reason = freshen(input.reason, deployment);
  return {
    image: name,
    kind: image.kind,
    after: image.after,
    head: head === null ? null : { ...versionOf(place, head), pushedAt: head.pushedAt },
    live: viewLive(place, record),
    previous: previous === null ? null : versionOf(place, previous),
    hold: viewHold(record),
    block,
    attempts,
    deployNow: deployNow?.request ?? null,
    deployment,
    standing: standingOf(reason),
    reason,
    text: describeReason(reason),
    failure: viewFailure({ record, image: name, kind: image.kind, ledger, ended, place }),
  };
}

function versionOf(place: LinkPlace, { digest, commit }: Pick<VersionView, "digest" | "commit">): VersionView {
  return { digest, commit, commitUrl: commitUrlOf(place, commit) };
}

function viewLive(place: LinkPlace, { live, disturbed }: Pick<ImageRecord, "live" | "disturbed">): LiveView | null {
  if (live === null) return null;
  const { at, deployment } = live;
  return { ...versionOf(place, live), since: at, deployment, disturbed: disturbed !== null };
}

function viewHold({ hold, head, live, previous }: typeof NOTHING): HoldView | null {
  if (hold === null) return null;
  const { digest, commit, request } = hold;
  const known = [head, live, previous].find((version) => version !== null && version.digest === digest);
  return { digest, commit: known?.commit ?? commit, request };
}

function viewActive({ ledger, leases, now }: ImageInput, image: string, place: LinkPlace): ActiveDeploymentView | null {
  const active = Object.values(ledger.deployments).find((one) => one.image === image && one.endedAt === null);
  if (active === undefined) return null;
  const { id, state, attempt, waitingSince, launchedAt, cancel } = active;
  const lease = leases[id];
  const { phase, progress } = lease ?? progressOf(active);
  return {
    ...versionOf(place, active),
    deployment: id,
    state,
    attempt,
    waitingSince,
    launchedAt,
    phase,
    progress,
    leaseAgeSeconds:
      lease === undefined ? null : Math.max(0, Math.round((now.getTime() - Date.parse(lease.at)) / 1000)),
    cancel,
    logUrl: launchedAt === null ? null : logUrlOf(active, place),
  };
}

function progressOf({ refresh, phase, progress }: Deployment): Pick<ActiveDeploymentView, "phase" | "progress"> {
  if (refresh === null) return { phase, progress };
  const percentages = Object.values(refresh.groups).map(({ percentage }) => percentage ?? 0);
  return {
    phase: refresh.stage === "rolling" ? "refreshing" : "rolling-back",
    progress: `${Math.min(...percentages)}%`,
  };
}

/** The lease knows how far a run has come by now; the ledger, how far it had come at the last tick. */
function freshen(reason: Reason, deployment: ActiveDeploymentView | null): Reason {
  if (reason.kind !== "deploying" || deployment === null || deployment.phase === null) return reason;
  return { ...reason, phase: deployment.phase, progress: deployment.progress };
}

function standingOf({ kind }: Reason): Standing {
  switch (kind) {
    case "live":
      return "live";
    case "no-head":
      return "none";
    case "deploying":
      return "deploying";
    case "held":
      return "held";
    case "quarantined":
      return "failed";
    case "blocked":
      return "blocked";
    case "unreadable":
    case "ready":
    case "paused":
    case "waiting-window":
    case "waiting-dependency":
    case "waiting-turn":
    case "waiting-group":
    case "waiting-retry":
      return "waiting";
  }
}
