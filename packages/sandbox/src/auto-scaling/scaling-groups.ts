import type { ComputePlace } from "../ec2/ec2-state.ts";
import { delayView } from "../ec2/stale-view.ts";
import { setDesiredCapacity } from "./capacity.ts";
import { createGroupFrom, type GroupOptions } from "./group-options.ts";
import { type GroupView, viewGroup } from "./group-view.ts";
import { deleteGroup, findGroup } from "./groups.ts";
import { scalingState } from "./open-scaling.ts";
import { resumeProcesses, suspendProcesses } from "./processes.ts";
import { rebalance } from "./rebalance.ts";
import { changed, reconcileSoon } from "./reconcile.ts";
import type { RefreshFault, RefreshStatus } from "./refresh-state.ts";
import type { ScalingTimings } from "./scaling-state.ts";
import { runScheduledAction } from "./scheduled-run.ts";
import { showGroups } from "./show-group.ts";

export interface LaunchFailures {
  /** EC2's code, such as `InsufficientInstanceCapacity`. */
  readonly code: string;
  /** By default EC2's own sentence for the code. */
  readonly message?: string;
  /** How many launches fail; 1 by default. `Infinity` until `healLaunches`. */
  readonly times?: number;
  /** By default launches of any group. */
  readonly group?: string;
}

export interface RefreshView {
  readonly id: string;
  readonly status: RefreshStatus;
  readonly percentage: number;
  readonly reason: string | null;
}

/**
 * One account's Auto Scaling in one region, for setting it up, looking into it and making it misbehave. Throws
 * `AwsFault` with the service's own codes.
 */
export interface ScalingGroups {
  createGroup(name: string, options?: GroupOptions): void;
  /** By force: with all instances in it. */
  deleteGroup(name: string): void;
  groups(): readonly string[];
  /** Null where there is no such group. */
  group(name: string): GroupView | null;
  setDesiredCapacity(name: string, desired: number): void;
  /** Propagated to instances that are launched later; null takes the tag away. */
  tag(name: string, key: string, value: string | null): void;
  suspend(name: string, processes: readonly string[]): void;
  resume(name: string, processes: readonly string[]): void;
  /**
   * Launches one instance beyond the desired capacity, and even beyond the maximum, then terminates an old one that is
   * not protected. False where the group has no instance in service, or its processes are suspended.
   */
  rebalance(name: string): boolean;
  /** Does what the scheduled action says, now. The group is needed only where several have an action of that name. */
  runScheduledAction(name: string, group?: string): void;
  failLaunches(failures: LaunchFailures): void;
  /** Launches succeed again when they are next tried. */
  healLaunches(): void;
  /** Makes the refresh under way, or else the next one, fail when it gets that far. */
  failRefresh(name: string, fault?: Partial<RefreshFault>): void;
  /** Keeps refreshes from going on, until `false`; after an hour without progress they fail. */
  stallRefresh(name: string, stalled?: boolean): void;
  /** Oldest first. */
  refreshes(name: string): readonly RefreshView[];
  /** What is read lags behind by that many milliseconds; 0 ends it. */
  staleReads(ms: number): void;
  /** How long things take from now on, in milliseconds. */
  timings(change: Partial<ScalingTimings>): void;
}

/** The groups of that account and region in that world. */
export function scalingGroups(place: ComputePlace): ScalingGroups {
  const state = scalingState(place);
  const find = (name: string) => findGroup(state, name);
  return {
    createGroup: (name, options = {}) => createGroupFrom(state, name, options),
    deleteGroup: (name) => deleteGroup(state, find(name), true),
    groups: () => [...state.groups.keys()],
    group: (name) => viewGroup(state.groups.get(name)),
    setDesiredCapacity: (name, desired) => setDesiredCapacity(state, find(name), { desired, honorCooldown: false }),
    tag(name, key, value) {
      if (value === null) find(name).tags.delete(key);
      else find(name).tags.set(key, { value, propagateAtLaunch: true });
      changed(state);
    },
    suspend: (name, processes) => suspendProcesses(state, find(name), processes),
    resume: (name, processes) => resumeProcesses(state, find(name), processes),
    rebalance: (name) => rebalance(state, find(name)),
    runScheduledAction: (name, group) => runScheduledAction(state, name, group),
    failLaunches({ code, message, times = 1, group }) {
      state.launchFaults.push({ code, message: message ?? null, group: group ?? null, remaining: times });
    },
    healLaunches: () => void state.launchFaults.splice(0),
    failRefresh(name, { atPercentage = 0, reason = "Replacement instances failed their health checks." } = {}) {
      find(name).refreshFault = { atPercentage, reason };
    },
    stallRefresh(name, stalled = true) {
      find(name).refreshStalled = stalled;
      reconcileSoon(state, find(name));
    },
    refreshes: (name) =>
      find(name).refreshes.map(({ id, status, percentage, reason }) => ({ id, status, percentage, reason })),
    staleReads: (ms) => delayView(state.view, ms, showGroups(state)),
    timings: (change) => void Object.assign(state.timings, change),
  };
}
