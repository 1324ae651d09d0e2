import { causeAt } from "./activities.ts";
import { checkHealth } from "./health.ts";
import { reconcileSoon } from "./reconcile.ts";
import type { Group, ScalingState } from "./scaling-state.ts";

export function suspendProcesses(state: ScalingState, group: Group, names: readonly string[]): void {
  for (const name of names) group.suspended.set(name, `User suspended at ${new Date(state.clock.now()).toISOString()}`);
  reconcileSoon(state, group);
}

/** What waited is done at once, with the memory of failed launches wiped. */
export function resumeProcesses(state: ScalingState, group: Group, names: readonly string[]): void {
  for (const name of names) group.suspended.delete(name);
  if (names.includes("Launch")) Object.assign(group, { failedLaunches: 0, failingSince: null, retryLaunchAt: null });
  checkHealth(state, group);
  group.cause ||= causeAt(state, "a user request resumed processes.");
  reconcileSoon(state, group);
}
