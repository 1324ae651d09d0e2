import type { DeploymentId } from "./identifiers.ts";
import type { Ledger } from "./ledger.ts";
import { activeToRetire, knownIssue, type OwnReport, type PlaceName, placeOf, wantedIssue } from "./report-places.ts";
import type { ReportStage } from "./report-record.ts";

/** What one tick is to show of one deployment; null: nothing in that place. */
export interface ReportTask {
  readonly deployment: DeploymentId;
  readonly image: string;
  /** In the mapping's GitHub organisation. */
  readonly repository: string;
  readonly stage: ReportStage;
  /** The full commit, where GitHub has said it. */
  readonly sha: string | null;
  readonly places: TaskPlaces;
}

export interface TaskPlaces {
  readonly check: TaskPlace | null;
  /** `retire`: the GitHub deployment that this one, once it is shown as a success, takes the place of. */
  readonly deployment: (TaskPlace & { readonly retire: number | null }) | null;
  /** `id`: the number of the image's issue. */
  readonly issue: (TaskPlace & { readonly want: "open" | "closed" }) | null;
  readonly topic: TaskPlace | null;
}

export interface TaskPlace {
  readonly id: number | null;
  /** An earlier tick may have made it and died before it knew: look before making another. */
  readonly mayExist: boolean;
}

/** The task for the places that are due; null where none is. */
export function makeTask(ledger: Ledger, own: OwnReport, due: readonly PlaceName[]): ReportTask | null {
  if (due.length === 0) return null;
  const { id, report } = own;
  const { image, repository, stage, sha } = report;
  const want = due.includes("issue") ? wantedIssue(ledger, own) : null;
  const place = (name: PlaceName): TaskPlace | null => {
    const { id: known, tried } = placeOf(report, name);
    return due.includes(name) ? { id: known, mayExist: tried && known === null } : null;
  };
  const deployment = place("deployment");
  return {
    deployment: id,
    image,
    repository,
    stage,
    sha,
    places: {
      check: place("check"),
      deployment: deployment === null ? null : { ...deployment, retire: activeToRetire(ledger, own) },
      issue: want === null ? null : issueTask(ledger, own, want),
      topic: place("topic"),
    },
  };
}

/** Whether it asks for anything on GitHub. */
export function asksGitHub({ places: { check, deployment, issue } }: ReportTask): boolean {
  return (check ?? deployment ?? issue) !== null;
}

function issueTask(ledger: Ledger, { report }: OwnReport, want: "open" | "closed"): TaskPlaces["issue"] {
  const id = knownIssue(ledger, report)?.number ?? null;
  // What is to be closed and has no known number is looked for; it is wanted closed only where there may be one.
  return { want, id, mayExist: placeOf(report, "issue").tried || (want === "closed" && id === null) };
}
