import { AwsFault } from "../core/service.ts";
import { causeAt } from "./activities.ts";
import { reconcileSoon } from "./reconcile.ts";
import { validationError } from "./scaling-fault.ts";
import type { Capacity, Group, ScalingState } from "./scaling-state.ts";

/** Sets what the group should have; what it has follows, or not: success says nothing about a launch. */
export function setDesiredCapacity(
  state: ScalingState,
  group: Group,
  change: { desired: number; honorCooldown: boolean },
): void {
  const { desired, honorCooldown } = change;
  if (desired > group.max) throw outside(desired, "above max", group.max);
  if (desired < group.min) throw outside(desired, "below min", group.min);
  if (honorCooldown) refuseDuringCooldown(state, group);
  const sentence = `a user request explicitly set group desired capacity changing the desired capacity from ${group.desired} to ${desired}.`;
  group.cause = causeAt(state, sentence);
  group.desired = desired;
  reconcileSoon(state, group);
}

export interface CapacityChange {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly desired?: number | undefined;
}

/** What the group's capacity would be: without a desired one, the present one is moved between the new limits. */
export function changedCapacity(present: Capacity, change: CapacityChange): Capacity {
  const min = change.min ?? present.min;
  const max = change.max ?? present.max;
  const desired = change.desired ?? Math.max(min, Math.min(max, present.desired));
  return checkCapacity({ min, max, desired });
}

export function checkCapacity({ min, max, desired }: Capacity): Capacity {
  if (min < 0 || max < 0) throw validationError("Min and max bounds must not be negative");
  if (max < min) throw validationError(`Max bound, ${max} must be greater than or equal to min bound, ${min}`);
  if (desired < min || desired > max)
    throw validationError(
      `Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`,
    );
  return { min, max, desired };
}

/** Sets all three, with what they change in the words of the activities to come. */
export function applyCapacity(state: ScalingState, group: Group, change: { capacity: Capacity; by: string }): void {
  const { capacity, by } = change;
  const { min, max, desired } = capacity;
  const constraints = `${by} of AutoScalingGroup constraints to min: ${min}, max: ${max}, desired: ${desired}`;
  group.cause = causeAt(state, `${constraints} changing the desired capacity from ${group.desired} to ${desired}.`);
  Object.assign(group, capacity);
}

function outside(desired: number, how: string, limit: number): AwsFault {
  return validationError(`New SetDesiredCapacity value ${desired} is ${how} value ${limit} for the AutoScalingGroup.`);
}

function refuseDuringCooldown(state: ScalingState, group: Group): void {
  const running = state.activities.find(({ group: name, endedAt }) => name === group.name && endedAt === null);
  if (running !== undefined) throw inProgress(running.id);
  if (state.clock.now() < group.cooldownUntil)
    throw new AwsFault("ScalingActivityInProgress", `The group ${group.name} is in its cooldown period`);
}

export function inProgress(activityId: string): AwsFault {
  return new AwsFault(
    "ScalingActivityInProgress",
    `Scaling activity ${activityId} is in progress and blocks this action`,
  );
}
