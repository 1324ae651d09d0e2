/** What a tick decided: plain data, so that it can be printed, compared and replayed. */
import type { RefreshPreferences } from "@windlass/account-mapping";
import type { DeploymentId, ImageDigest, Instant } from "./identifiers.ts";
import type { Deployment, Ledger } from "./ledger.ts";
import type { Reason } from "./reason.ts";
import type { Assignment, Cancel } from "./run-records.ts";

/**
 * One effect on the world, in the order in which to perform them. Each can be performed again without harm, except
 * `start-refresh`, which only the tick that committed its intent performs.
 */
export type Action =
  /** Write the assignment (once), tag the deploy group, set its desired capacity to 1. */
  | { readonly kind: "launch"; readonly assignment: Assignment }
  /** Take the claim of a deployment that did not start. */
  | { readonly kind: "close-claim"; readonly deployment: DeploymentId; readonly epoch: number }
  /** Set the deploy group's desired capacity to 0. */
  | { readonly kind: "retire"; readonly reason: string }
  /** Terminate one instance of the deploy group, with decrement. */
  | {
      readonly kind: "terminate";
      readonly instance: string;
      /** False where another instance of the group must keep its place. */
      readonly decrement: boolean;
      /** Not where this deployment's lease has been renewed since it was read. */
      readonly unlessRenewed: DeploymentId | null;
      readonly reason: string;
    }
  /** Ask a run to stop. */
  | { readonly kind: "request-cancel"; readonly cancel: Cancel }
  /** Tag the group `windlass:image:<image>=<digest>`, then start an instance refresh. */
  | {
      readonly kind: "start-refresh";
      readonly deployment: DeploymentId;
      readonly group: string;
      readonly image: string;
      readonly digest: ImageDigest;
      readonly preferences: RefreshPreferences;
      /** The intent's end: a tick that was held up until then must not start it any more. */
      readonly notAfter: Instant;
    }
  /** Cancel that very refresh; any other of the group is left alone. */
  | {
      readonly kind: "cancel-refresh";
      readonly deployment: DeploymentId;
      readonly group: string;
      readonly refreshId: string;
    }
  /** Append an ended deployment to the history. */
  | { readonly kind: "append-history"; readonly deployment: Deployment }
  /** Delete a control that this commit applied, or one that an earlier commit did. */
  | { readonly kind: "delete-control"; readonly key: string };

/** What came back from an action and belongs into the ledger. */
export type Effect =
  | {
      readonly kind: "refresh-started";
      readonly deployment: DeploymentId;
      readonly group: string;
      readonly refreshId: string;
    }
  /** The service refused for good: the group is gone, or has a setting that forbids it. */
  | {
      readonly kind: "refresh-refused";
      readonly deployment: DeploymentId;
      readonly group: string;
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: "history-appended"; readonly deployment: DeploymentId };

/** Something worth telling that is no decision. */
export interface Note {
  readonly code: string;
  readonly image: string | null;
  readonly message: string;
}

export interface Plan {
  /** To be committed before the actions; the same object as the one given where nothing changed. */
  readonly ledger: Ledger;
  readonly actions: readonly Action[];
  readonly notes: readonly Note[];
  /** For every image of the slice: where it stands and why. */
  readonly reasons: Readonly<Record<string, Reason>>;
  readonly launched: readonly DeploymentId[];
  readonly ended: readonly Deployment[];
}

/** What a tick must read besides ledger, heads, group and controls. Empty on a steady tick. */
export interface ReadPlan {
  readonly runs: readonly DeploymentId[];
  readonly instances: readonly string[];
  /** Read launch failures since then; null: do not. */
  readonly launchFailuresSince: Instant | null;
  /** Images whose group selector is to be resolved. */
  readonly groupsOf: readonly string[];
  /** Groups whose refreshes are to be read. */
  readonly refreshesOf: readonly string[];
}
