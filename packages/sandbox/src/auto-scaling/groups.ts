import { AwsFault } from "../core/service.ts";
import { causeAt } from "./activities.ts";
import { checkCapacity } from "./capacity.ts";
import { checkTags } from "./group-tags.ts";
import { reconcileSoon } from "./reconcile.ts";
import { groupNotFound, validationError } from "./scaling-fault.ts";
import type { Capacity, Group, GroupSettings, GroupTag, ScalingState, TemplateChoice } from "./scaling-state.ts";

export interface NewGroup {
  readonly name: string;
  readonly capacity: Capacity;
  readonly template: TemplateChoice;
  readonly settings: Partial<GroupSettings>;
  readonly tags: ReadonlyMap<string, GroupTag>;
}

export function createGroup(state: ScalingState, create: NewGroup): Group {
  const { name, capacity, template, settings, tags } = create;
  // ASCII 33 to 126 without a colon (API reference, `CreateAutoScalingGroup`).
  if (!/^[!-9;-~]{1,255}$/.test(name)) throw validationError(`Group name '${name}' is not valid`);
  if (state.groups.has(name))
    throw new AwsFault(
      "AlreadyExists",
      `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
    );
  checkCapacity(capacity);
  checkSettings(settings);
  checkTags(tags);
  const group: Group = { ...emptyGroup(state, { name, template }), ...capacity, ...settings, tags: new Map(tags) };
  group.cause = causeAt(
    state,
    `a user request created an AutoScalingGroup changing the desired capacity from 0 to ${capacity.desired}.`,
  );
  state.groups.set(name, group);
  reconcileSoon(state, group);
  return group;
}

export function findGroup(state: ScalingState, name: string): Group {
  const group = state.groups.get(name);
  if (group === undefined) throw groupNotFound(name);
  return group;
}

/** Without force only an empty group goes (API reference, `DeleteAutoScalingGroup`). */
export function deleteGroup(state: ScalingState, group: Group, force: boolean): void {
  if (!force && group.members.size > 0)
    throw new AwsFault(
      "ResourceInUse",
      "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.",
    );
  Object.assign(group, { min: 0, max: 0, desired: 0, deleting: true });
  if (group.members.size === 0) state.groups.delete(group.name);
  reconcileSoon(state, group);
}

/** Zero, or a day at least (service model, `MaxInstanceLifetime`). */
export function checkSettings({ maxInstanceLifetime, cooldownSeconds, graceSeconds }: Partial<GroupSettings>): void {
  if (
    maxInstanceLifetime !== undefined &&
    maxInstanceLifetime !== null &&
    maxInstanceLifetime !== 0 &&
    maxInstanceLifetime < 86_400
  )
    throw validationError("MaxInstanceLifetime must be equal to 0 or greater than or equal to 86400.");
  if ((cooldownSeconds ?? 0) < 0 || (graceSeconds ?? 0) < 0) throw validationError("Durations must not be negative");
}

function emptyGroup(state: ScalingState, { name, template }: { name: string; template: TemplateChoice }): Group {
  const id = state.world.hexId(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return {
    name,
    arn: `arn:aws:autoscaling:${state.region}:${state.account}:autoScalingGroup:${id}:autoScalingGroupName/${name}`,
    createdAt: state.clock.now(),
    template,
    mixed: false,
    min: 0,
    max: 0,
    desired: 0,
    availabilityZones: [`${state.region}a`],
    subnets: [],
    cooldownSeconds: 300,
    graceSeconds: 0,
    healthCheckType: "EC2",
    protectNewInstances: false,
    terminationPolicies: ["Default"],
    maxInstanceLifetime: null,
    suspended: new Map(),
    tags: new Map(),
    members: new Map(),
    scheduledActions: new Map(),
    refreshes: [],
    refreshFault: null,
    refreshStalled: false,
    cause: "",
    failedLaunches: 0,
    failingSince: null,
    retryLaunchAt: null,
    cooldownUntil: 0,
    rebalancing: null,
    deleting: false,
    reconcileAt: null,
  };
}
