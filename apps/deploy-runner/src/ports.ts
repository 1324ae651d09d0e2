import type { DeployGroup } from "@windlass/asg-orchestrator";
import type { Assignment, DeploymentId } from "@windlass/deployment";
import type { LeaseRecords, LogRecords, RunRecords, StoreState } from "@windlass/ledger-store";
import type { Engine } from "./engine.ts";
import type { RunnerClock } from "./runner-clock.ts";
import type { SavingTime } from "./saving-time.ts";
import type { Stop } from "./stop.ts";

/** Everything that the protocol touches; nothing else reaches the world. */
export interface RunnerPorts {
  readonly store: RunnerStore;
  readonly group: RunnerGroup;
  readonly identity: Identity;
  readonly engine: Engine;
  /** The folder that is an image's state, with `state: store`. */
  openState(assignment: Assignment): StoreState;
  readonly clock: RunnerClock;
  readonly log: RunnerLog;
}

/** The part of the state bucket that a runner may touch. */
export type RunnerStore = Pick<RunRecords, "readAssignment" | "claim" | "readCancel" | "putResult" | "putRunFile"> &
  Pick<LeaseRecords, "renewLease" | "readLease"> &
  Pick<LogRecords, "putLogSegment">;

/** The deploy group, as the instance in it sees it. */
export type RunnerGroup = Pick<DeployGroup, "observe" | "protect" | "unprotect" | "terminate" | "retire">;

export interface Identity {
  /** The account that the runner's credentials belong to. */
  account(): Promise<string>;
}

/** pino's, as far as it is used: data as fields, then a message that never changes. */
export interface RunnerLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What the functions of the protocol hand on to each other. */
export interface Run extends RunnerPorts {
  readonly settings: RunSettings;
  readonly saving: SavingTime;
}

/** Who this runner is and what it works for. */
export interface RunSettings {
  readonly deployment: DeploymentId;
  readonly instance: string;
  /** Random; tells this run's records from those of any other. */
  readonly nonce: string;
  readonly area: string;
  readonly account: string;
  readonly region: string;
  readonly stateBucket: string;
  /** Another endpoint than AWS's, for the S3 backend that the runner configures; null on AWS. */
  readonly endpointUrl: string | null;
  /** Values that must never be shown, beside what is recognised by its form. */
  readonly secrets: readonly string[];
  readonly timings: RunTimings;
  readonly stop: Stop;
}

/** Seconds. */
export interface RunTimings {
  readonly lease: number;
  /** Without a renewal for so long, Terraform is interrupted; below the 300 after which the Lambda ends the instance. */
  readonly fence: number;
  /** What Terraform gets to stop by itself after a cancel or a timeout, and what after a signal or without a lease. */
  readonly grace: number;
  readonly urgentGrace: number;
  /** From the second interrupt to the end by force. */
  readonly kill: number;
  /** How long each step before the claim, and the claim, is tried. */
  readonly startUp: number;
  /** How long storing the state, keeping one aside and storing the result is tried: each, or all where the host stops. */
  readonly saving: number;
  /** How long leaving the group is tried. */
  readonly retire: number;
  /** How long Terraform waits for a state lock. */
  readonly lock: number;
  /** How long a line of Terraform's output waits for its segment. */
  readonly log: number;
}
