import type { DeploymentId, ImageDigest } from "./identifiers.ts";
import type { Request } from "./ledger.ts";
import type { Outcome } from "./outcome.ts";
import type { Phase } from "./run-records.ts";

/** Where an image stands in its area, and why it goes no further. */
export type Reason =
  | { readonly kind: "live" }
  | { readonly kind: "no-head" }
  /** Something that a start depends on could not be read in this tick. */
  | { readonly kind: "unreadable"; readonly what: string }
  | {
      readonly kind: "deploying";
      readonly deployment: DeploymentId;
      readonly phase: Phase | "launching" | "refreshing" | "rolling-back";
      readonly progress: string | null;
    }
  /** Nothing starts in the whole area. */
  | { readonly kind: "paused"; readonly request: Request }
  /** `opensAt` is local time with offset; null where no window opens within a year. */
  | { readonly kind: "waiting-window"; readonly opensAt: string | null; readonly freeze: string | null }
  | { readonly kind: "waiting-dependency"; readonly on: string; readonly because: string | null }
  /** Nothing is in its way: the next tick starts it. */
  | { readonly kind: "ready" }
  /** Another deployment has the area's (or the group's) one place. */
  | { readonly kind: "waiting-turn"; readonly behind: string }
  /** The deploy group is not empty, or could not be read. */
  | { readonly kind: "waiting-group"; readonly because: string }
  | {
      readonly kind: "waiting-retry";
      readonly notBefore: string;
      readonly outcome: Outcome;
      readonly attempt: number;
      readonly of: number;
    }
  | { readonly kind: "held"; readonly digest: ImageDigest | null; readonly request: Request }
  | { readonly kind: "quarantined"; readonly outcome: Outcome; readonly attempts: number; readonly of: number }
  | { readonly kind: "blocked"; readonly deployment: DeploymentId; readonly outcome: Outcome };
