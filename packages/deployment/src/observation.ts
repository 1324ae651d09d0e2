/** What one tick sees of the world. "Could not be read" is never the same as "is not there". */
import type { Control } from "./control.ts";
import type { DeploymentId, Instant } from "./identifiers.ts";
import type { Head } from "./ledger.ts";
import type { Claim, Lease, Result } from "./run-records.ts";

/** A read that failed. It never causes a launch, a removal or a change of `live`. */
export interface Unreadable {
  readonly kind: "unreadable";
  readonly code: string;
  readonly message: string;
}

export type HeadReading =
  | { readonly kind: "head"; readonly head: Head }
  | { readonly kind: "absent"; readonly missing: "tag" | "repository" }
  | Unreadable;

export interface GroupInstance {
  readonly id: string;
  /** EC2 Auto Scaling's lifecycle state; the set grows, so nothing switches on it exhaustively. */
  readonly lifecycle: string;
  readonly protectedFromScaleIn: boolean;
}

export type GroupReading =
  | {
      readonly kind: "group";
      readonly desired: number;
      readonly instances: readonly GroupInstance[];
      readonly suspendedProcesses: readonly string[];
      /** Value of the tag `windlass:deployment`. */
      readonly deploymentTag: string | null;
    }
  | Unreadable;

/** A launch that EC2 Auto Scaling tried and failed. */
export interface LaunchFailure {
  readonly at: Instant;
  /** e.g. `InsufficientInstanceCapacity`; `LaunchFailed` where the message names no code. */
  readonly code: string;
  readonly message: string;
}

export type RecordReading<T> =
  | { readonly kind: "absent" }
  /** `ageSeconds` by S3's own clock: response `Date` minus `Last-Modified`. */
  | { readonly kind: "present"; readonly value: T; readonly ageSeconds: number }
  /** Its age is known even where its content is not. */
  | { readonly kind: "invalid"; readonly problem: string; readonly ageSeconds: number };

export type RunReading =
  | {
      readonly kind: "run";
      readonly claim: RecordReading<Claim>;
      readonly lease: RecordReading<Lease>;
      readonly result: RecordReading<Result>;
    }
  | Unreadable;

export interface RefreshStatus {
  readonly id: string;
  /** EC2 Auto Scaling's status; the set grows. */
  readonly status: string;
  readonly percentage: number | null;
  readonly reason: string | null;
}

export type RefreshReading =
  | {
      readonly kind: "refreshes";
      /** Newest first. */
      readonly refreshes: readonly RefreshStatus[];
      /**
       * What the group tells the instances that it launches to run, by image; read after the refreshes, and only where none
       * of them is in progress, since before that it proves nothing.
       */
      readonly imageTags: Readonly<Record<string, string>> | null;
    }
  | Unreadable;

/** The groups that an image's selector names now. */
export type GroupsReading = { readonly kind: "groups"; readonly names: readonly string[] } | Unreadable;

/** EC2's word on an instance: its state, or `not-found`. */
export type InstanceReading =
  | { readonly kind: "state"; readonly state: string }
  | { readonly kind: "not-found" }
  | Unreadable;

export interface ListedControl {
  /** Object key. */
  readonly key: string;
  readonly control:
    | { readonly kind: "control"; readonly value: Control }
    | { readonly kind: "invalid"; readonly problem: string };
}
export type ControlsReading = { readonly kind: "controls"; readonly controls: readonly ListedControl[] } | Unreadable;

export interface Observation {
  readonly heads: Readonly<Record<string, HeadReading>>;
  readonly group: GroupReading;
  readonly controls: ControlsReading;
  /** For the deployments that `planReads` named. */
  readonly runs: Readonly<Record<DeploymentId, RunReading>>;
  /** By instance id, where `planReads` asked for them. */
  readonly instances: Readonly<Record<string, InstanceReading>>;
  /** Since the active launch; empty where `planReads` did not ask. */
  readonly launchFailures: readonly LaunchFailure[];
  /** By image, where `planReads` asked. */
  readonly groups: Readonly<Record<string, GroupsReading>>;
  /** By group name, where `planReads` asked. */
  readonly refreshes: Readonly<Record<string, RefreshReading>>;
}
