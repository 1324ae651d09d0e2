import type { DeploymentReport } from "@windlass/deployment";
import type { Trouble } from "./trouble.ts";

/** What is to be shown of one deployment; null: nothing in that place. */
export interface GitHubTask {
  readonly report: DeploymentReport;
  /** Name, without the owner. */
  readonly repository: string;
  /** The full commit, where an earlier delivery learned it. */
  readonly sha: string | null;
  readonly check: Showing | null;
  readonly deployment: DeploymentShowing | null;
  readonly issue: IssueShowing | null;
}

export interface Showing {
  /** Of what was made there before. */
  readonly id: number | null;
  /** An earlier attempt may have made it and lost the reply: look before making another. */
  readonly mayExist: boolean;
}

export interface DeploymentShowing extends Showing {
  /** The GitHub deployment that was live before: it becomes inactive once this one is a success. */
  readonly retire: number | null;
}

export interface IssueShowing {
  readonly want: "open" | "closed";
  /** The image's and area's issue, as far as it is known. */
  readonly number: number | null;
  /** An earlier attempt may have made the issue, or this deployment's comment: look before making another. */
  readonly mayExist: boolean;
}

export interface WritePermit {
  /** Ends the delivery at once, whatever it waits for. */
  readonly signal: AbortSignal;
  /** Asked right before every write is sent; false ends the delivery. One call is one write. */
  mayWrite(): boolean;
}

export type Delivered =
  | { readonly kind: "shown"; readonly id: number }
  /** `id`: it is there all the same. Without one it may still be, unless the trouble is permanent. */
  | { readonly kind: "failed"; readonly id: number | null; readonly trouble: Trouble }
  /** Nothing was written: an earlier trouble concerns it, too, the permit has ended, or the full commit is not known yet. */
  | { readonly kind: "unreached" };

/** Null where nothing was asked for. */
export interface GitHubDelivery {
  /** The full commit, where GitHub said it. */
  readonly sha: string | null;
  readonly check: Delivered | null;
  readonly deployment: Delivered | null;
  /** `absent`: there is no issue to close. */
  readonly issue: Delivered | { readonly kind: "absent" } | null;
  /** The repository's present full name, where it was renamed or moved. */
  readonly movedTo: string | null;
}
