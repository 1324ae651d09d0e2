/** What people see of an area: plain data, printed by `--json` as it is, and given by the board's API. */
import type { Image } from "@windlass/account-mapping";
import type {
  Attempts,
  Control,
  Deployment,
  DeploymentId,
  ImageDigest,
  Instant,
  Outcome,
  Phase,
  Reason,
  Request,
  WindowState,
} from "@windlass/deployment";

export interface AreaView {
  readonly workload: string;
  readonly area: string;
  readonly account: string;
  /** Of the account, for people. */
  readonly alias: string | null;
  readonly region: string;
  readonly branch: string;
  /** When this was looked at. */
  readonly at: Instant;
  readonly window: WindowState;
  /** Null while the area is not paused. */
  readonly paused: PauseView | null;
  /** Null where no tick has ever run. */
  readonly ledger: LedgerView | null;
  readonly controls: ControlsView;
  /** In the mapping's order. */
  readonly images: readonly ImageView[];
}

export interface PauseView {
  readonly by: string;
  readonly reason: string;
  readonly at: Instant;
}

export interface LedgerView {
  /** The last tick that changed anything: a steady tick writes nothing. */
  readonly changedAt: Instant;
  readonly ageSeconds: number;
}

export type ControlsView =
  | {
      readonly kind: "controls";
      /** What people asked for and no tick has taken yet, oldest first. */
      readonly waiting: readonly ControlView[];
      /** Object keys of what is no control. */
      readonly invalid: readonly string[];
      /** One of them waits for longer than the slowest schedule takes: no tick seems to run. */
      readonly overdue: boolean;
    }
  | { readonly kind: "unreadable"; readonly message: string };

export interface ControlView {
  readonly id: string;
  readonly kind: Control["kind"];
  /** Null where it is about the whole area. */
  readonly image: string | null;
  readonly by: string;
  readonly reason: string;
  readonly at: Instant;
}

/** How an image stands, in one word: for colours, marks and counts. */
export type Standing = "live" | "deploying" | "waiting" | "held" | "failed" | "blocked" | "none";

export interface ImageView {
  readonly image: string;
  readonly kind: Image["kind"];
  /** Images that come first. */
  readonly after: readonly string[];
  /** What the last tick saw at the area's tag. */
  readonly head: HeadView | null;
  readonly live: LiveView | null;
  /** What was live before: where a rollback goes. */
  readonly previous: VersionView | null;
  readonly hold: HoldView | null;
  readonly block: BlockView | null;
  readonly attempts: AttemptsView | null;
  /** A person allowed the next start outside the windows. */
  readonly deployNow: Request | null;
  /** The deployment that waits or runs. */
  readonly deployment: ActiveDeploymentView | null;
  readonly standing: Standing;
  /** Where it stands and why it goes no further. */
  readonly reason: Reason;
  /** The same in words. */
  readonly text: string;
  /** The last deployment that did not succeed, while that matters: the next success, or a new head, clears it. */
  readonly failure: FailureView | null;
}

export interface VersionView {
  readonly digest: ImageDigest;
  readonly commit: string | null;
  readonly commitUrl: string | null;
}

export interface HeadView extends VersionView {
  /** When the digest was pushed, not when the tag moved to it. */
  readonly pushedAt: Instant | null;
}

export interface LiveView extends VersionView {
  readonly since: Instant;
  readonly deployment: DeploymentId;
  /** A later deployment may have changed the account without succeeding. */
  readonly disturbed: boolean;
}

export interface HoldView {
  /** Null: nothing was live when the hold came. */
  readonly digest: ImageDigest | null;
  readonly commit: string | null;
  readonly request: Request;
}

export interface BlockView {
  readonly deployment: DeploymentId;
  readonly outcome: Outcome;
  readonly at: Instant;
}

/** What was tried with one digest. */
export interface AttemptsView {
  readonly digest: ImageDigest;
  readonly failed: number;
  readonly interrupted: number;
  readonly cancelled: boolean;
  /** No new attempt before then. */
  readonly notBefore: Instant | null;
  readonly last: Attempts["last"];
}

export interface ActiveDeploymentView extends VersionView {
  readonly deployment: DeploymentId;
  readonly state: Deployment["state"];
  readonly attempt: number;
  readonly waitingSince: Instant;
  readonly launchedAt: Instant | null;
  readonly phase: Phase | "refreshing" | "rolling-back" | null;
  /** For people, such as `12/40` or `50%`. */
  readonly progress: string | null;
  /** Age of the runner's last sign of life; null where there is none. */
  readonly leaseAgeSeconds: number | null;
  /** A person asked it to stop. */
  readonly cancel: Request | null;
  readonly logUrl: string | null;
}

export interface FailureView {
  readonly deployment: DeploymentId;
  readonly outcome: Outcome;
  /** Null, here and below: its record was not read, or says nothing. */
  readonly at: Instant | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly hint: string | null;
  readonly links: Links;
}

/** Where people read on; null where there is nothing, or it is not known any more. */
export interface Links {
  /** The commit's check run on GitHub. */
  readonly check: string | null;
  /** The image's open issue on GitHub. */
  readonly issue: string | null;
  readonly commit: string | null;
  /** In the AWS console, for those who may sign in to the account. */
  readonly log: string | null;
}
