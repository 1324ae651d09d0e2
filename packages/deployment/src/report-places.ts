import { type DeploymentId, epochOf, isFullCommit } from "./identifiers.ts";
import type { ImageRecord, Ledger } from "./ledger.ts";
import type { KnownIssue, ReportPlace, ReportRecord, ReportStage } from "./report-record.ts";

/** Where a deployment is shown: a check run, a GitHub deployment, an issue, an SNS topic. */
export const PLACES = ["check", "deployment", "issue", "topic"] as const;
export type PlaceName = (typeof PLACES)[number];

/** How far each stage is. */
export const STAGE_RANK: Readonly<Record<ReportStage, number>> = { waiting: 1, running: 2, ended: 3 };

const UNTOUCHED: ReportPlace = { shown: null, id: null, tried: false, trouble: null };

export interface OwnReport {
  readonly id: DeploymentId;
  readonly report: ReportRecord;
}

export function placeOf(report: ReportRecord, name: PlaceName): ReportPlace {
  return report[name] ?? UNTOUCHED;
}

/** The later of two stages. */
export function laterStage(one: ReportStage | null, other: ReportStage | null): ReportStage | null {
  if (one === null || other === null) return one ?? other;
  return STAGE_RANK[one] >= STAGE_RANK[other] ? one : other;
}

/** Whether a place does not show yet what it should. */
export function isBehind(ledger: Ledger, own: OwnReport, name: PlaceName): boolean {
  const wanted = wantedStage(ledger, own, name);
  const { shown } = placeOf(own.report, name);
  return wanted !== null && (shown === null || STAGE_RANK[shown] < STAGE_RANK[wanted]);
}

/** What a place should show; null: nothing, or nothing yet. */
function wantedStage(ledger: Ledger, own: OwnReport, name: PlaceName): ReportStage | null {
  const { report } = own;
  switch (name) {
    case "check":
      return wantedCheck(report);
    case "deployment":
      return report.commit === null ? null : wantedOnceLaunched(report, "deployment");
    case "issue":
      return wantedIssue(ledger, own) === null ? null : "ended";
    case "topic":
      return wantedOnceLaunched(report, "topic");
  }
}

/** A check run needs a full commit, which a GitHub deployment tells of a short one. */
function wantedCheck(report: ReportRecord): ReportStage | null {
  const { commit, sha, stage } = report;
  if (commit === null) return null;
  if (stage === "waiting") return sha !== null || isFullCommit(commit) ? "waiting" : null;
  return wantedOnceLaunched(report, "check");
}

/** Of what ended without being launched, only those are told who were told that it waits. */
function wantedOnceLaunched(report: ReportRecord, name: PlaceName): ReportStage | null {
  const { shown, tried } = placeOf(report, name);
  if (report.stage === "waiting") return null;
  return report.launched || shown !== null || tried ? report.stage : null;
}

/** What the image's issue should be by this deployment; null where the deployment says nothing of it. */
export function wantedIssue(ledger: Ledger, own: OwnReport): "open" | "closed" | null {
  const { id, report } = own;
  const { outcome, retryAt, image } = report;
  if (report.stage !== "ended" || outcome === null) return null;
  switch (outcome) {
    case "succeeded":
      return mayHaveIssue(ledger, own) ? "closed" : null;
    case "failed":
    case "state-unsaved":
    case "unknown":
      return hasSucceededSince(ledger.images[image], id) ? null : "open";
    case "lost":
    case "never-started":
      return retryAt !== null || hasSucceededSince(ledger.images[image], id) ? null : "open";
    case "superseded":
    case "cancelled":
      return null;
  }
}

/**
 * There is an issue of an earlier failure to close, or one may have been opened without anybody knowing. What tells of
 * a later failure stays open.
 */
function mayHaveIssue(ledger: Ledger, { id, report }: OwnReport): boolean {
  const known = knownIssue(ledger, report);
  if (known !== null) return isBefore(known.deployment, id);
  if (placeOf(report, "issue").tried) return true;
  return Object.entries(ledger.reports).some(
    ([other, { image, issue }]) =>
      image === report.image && isBefore(other as DeploymentId, id) && issue?.tried === true && issue.shown === null,
  );
}

function isBefore(one: DeploymentId, other: DeploymentId): boolean {
  return epochOf(one) < epochOf(other);
}

/** The image's open issue. */
export function knownIssue(ledger: Ledger, { image, repository }: ReportRecord): KnownIssue | null {
  const shown = ledger.images[image]?.shown;
  return shown?.repository === repository ? shown.issue : null;
}

/** The GitHub deployment that a success takes the place of; null where there is none. */
export function activeToRetire(ledger: Ledger, { id, report }: OwnReport): number | null {
  const image = ledger.images[report.image];
  if (image?.live?.deployment !== id || image.shown?.repository !== report.repository) return null;
  const { active } = image.shown;
  return active === null || active.deployment === id ? null : active.id;
}

/** A failure that a later success has mended needs nobody's attention any more. */
function hasSucceededSince(image: ImageRecord | undefined, id: DeploymentId): boolean {
  return image?.live != null && isBefore(id, image.live.deployment);
}
