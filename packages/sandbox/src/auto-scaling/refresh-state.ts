import type { TemplateChoice } from "./scaling-state.ts";

export type RefreshStatus =
  | "Pending"
  | "InProgress"
  | "Baking"
  | "Successful"
  | "Failed"
  | "Cancelling"
  | "Cancelled"
  | "RollbackInProgress"
  | "RollbackSuccessful"
  | "RollbackFailed";

export interface RefreshPreferences {
  readonly minHealthyPercentage: number;
  readonly maxHealthyPercentage: number;
  /** Null: the group's health check grace period. */
  readonly instanceWarmup: number | null;
  readonly skipMatching: boolean;
  readonly autoRollback: boolean;
  readonly scaleInProtected: "Refresh" | "Ignore" | "Wait";
  readonly checkpointPercentages: readonly number[];
  readonly checkpointDelay: number;
  readonly bakeTime: number;
}

export interface Refresh {
  readonly id: string;
  readonly preferences: RefreshPreferences;
  /** What new instances are made from, where the refresh says so itself. */
  readonly desiredTemplate: TemplateChoice | null;
  readonly previousTemplate: TemplateChoice;
  readonly startedAt: number;
  status: RefreshStatus;
  endedAt: number | null;
  reason: string | null;
  percentage: number;
  /** Instances that are still to be replaced. */
  readonly targets: Set<string>;
  /** How many there were to replace. */
  total: number;
  /** Instances that were there when the replacing began: they replace nothing. */
  before: ReadonlySet<string>;
  /** How many instances it runs above the desired capacity. */
  surplus: number;
  /** Neither terminates nor finishes anything until then. */
  pausedUntil: number;
  checkpointsPassed: number;
  progressedAt: number;
  rollback: RollbackDetails | null;
}

export interface RollbackDetails {
  readonly reason: string;
  readonly startedAt: number;
  readonly percentage: number;
  readonly remaining: number;
}

/** A refresh that is to fail when it gets that far. */
export interface RefreshFault {
  readonly atPercentage: number;
  readonly reason: string;
}
