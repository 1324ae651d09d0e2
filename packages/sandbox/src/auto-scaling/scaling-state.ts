import type { SandboxClock } from "../core/clock.ts";
import type { World } from "../core/world.ts";
import type { Ec2State, Instance } from "../ec2/ec2-state.ts";
import type { StaleView } from "../ec2/stale-view.ts";
import type { Refresh, RefreshFault } from "./refresh-state.ts";
import type { ShownGroup } from "./show-group.ts";

/** A launch template as a group names it; without a version it means the default one. */
export interface TemplateChoice {
  readonly id: string;
  readonly name: string;
  readonly version: string | null;
}

export interface Member {
  readonly instance: Instance;
  /** The template's version that the instance was made from. */
  readonly template: TemplateChoice;
  readonly launch: Activity;
  lifecycle: "Pending" | "InService" | "Terminating";
  healthy: boolean;
  protectedFromScaleIn: boolean;
  inServiceAt: number | null;
  termination: Activity | null;
}

export interface Activity {
  readonly id: string;
  readonly group: string;
  readonly groupArn: string;
  readonly description: string;
  readonly cause: string;
  readonly details: string;
  readonly startedAt: number;
  endedAt: number | null;
  status: "InProgress" | "PreInService" | "Successful" | "Failed" | "Cancelled";
  message: string | null;
  progress: number;
}

export interface GroupTag {
  readonly value: string;
  readonly propagateAtLaunch: boolean;
}

export interface ScheduledAction {
  readonly name: string;
  readonly recurrence: string | null;
  readonly timeZone: string | null;
  readonly start: Date | null;
  readonly end: Date | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly desired: number | null;
}

export interface Capacity {
  min: number;
  max: number;
  desired: number;
}

/** What can be changed after a group was made, too. */
export interface GroupSettings {
  template: TemplateChoice;
  /** Whether the template was given in a mixed instances policy. */
  mixed: boolean;
  availabilityZones: readonly string[];
  /** One for each zone; empty where the group was made with zones. */
  subnets: readonly string[];
  cooldownSeconds: number;
  graceSeconds: number;
  healthCheckType: string;
  protectNewInstances: boolean;
  terminationPolicies: readonly string[];
  maxInstanceLifetime: number | null;
}

export interface Group extends Capacity, GroupSettings {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  /** Process to the reason of its suspension. */
  readonly suspended: Map<string, string>;
  readonly tags: Map<string, GroupTag>;
  /** By instance id. */
  readonly members: Map<string, Member>;
  readonly scheduledActions: Map<string, ScheduledAction>;
  /** Oldest first. */
  readonly refreshes: Refresh[];
  /** How the refresh under way, or else the next one, is to fail. */
  refreshFault: RefreshFault | null;
  refreshStalled: boolean;
  /** Why the capacity is what it is, for the next activities. */
  cause: string;
  failedLaunches: number;
  failingSince: number | null;
  retryLaunchAt: number | null;
  cooldownUntil: number;
  /** A rebalancing that has launched and not yet terminated: who was there before. */
  rebalancing: ReadonlySet<string> | null;
  deleting: boolean;
  reconcileAt: number | null;
}

/** Launches that are to fail, first come, first served. */
export interface LaunchFault {
  readonly code: string;
  readonly message: string | null;
  /** Null: any group. */
  readonly group: string | null;
  remaining: number;
}

/** How long things take, in milliseconds. */
export interface ScalingTimings {
  /** From a change to what is done about it. */
  reactMs: number;
  /** From `running` to `InService`. */
  inServiceMs: number;
  /** Until an instance that is not running counts as unhealthy. */
  healthCheckMs: number;
  /** From a failed launch to the next one; doubles with each. */
  firstRetryMs: number;
  maxRetryMs: number;
  /** Between two steps of an instance refresh. */
  refreshStepMs: number;
}

export interface ScalingState {
  readonly world: World;
  readonly clock: SandboxClock;
  readonly account: string;
  readonly region: string;
  readonly ec2: Ec2State;
  readonly groups: Map<string, Group>;
  /** Newest first, of groups that are gone too. */
  readonly activities: Activity[];
  readonly launchFaults: LaunchFault[];
  readonly timings: ScalingTimings;
  readonly view: StaleView<readonly ShownGroup[]>;
}
