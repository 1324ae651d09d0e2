import type { ActionHandler } from "../core/service.ts";
import type { FormInput } from "../ec2/form-reader.ts";
import { readView } from "../ec2/stale-view.ts";
import { applyCapacity, changedCapacity } from "./capacity.ts";
import { readGroupFilter } from "./group-filters.ts";
import { readTags } from "./group-tags.ts";
import { checkSettings, createGroup, deleteGroup, findGroup } from "./groups.ts";
import { placeOf, scalingState } from "./open-scaling.ts";
import { page } from "./paging.ts";
import { reconcileSoon } from "./reconcile.ts";
import { scalingForm, validationError } from "./scaling-fault.ts";
import type { GroupSettings, ScalingState } from "./scaling-state.ts";
import { showGroups } from "./show-group.ts";
import { hasTemplateChoice, readTemplateChoice } from "./template-choice.ts";

export const groupActions: Readonly<Record<string, ActionHandler>> = {
  CreateAutoScalingGroup(input, context) {
    const state = scalingState(placeOf(context));
    const min = scalingForm.integer(input, "MinSize");
    const max = scalingForm.integer(input, "MaxSize");
    const settings = { ...readZones(state, input), ...readSettings(input) };
    if (settings.availabilityZones === undefined)
      throw validationError("At least one Availability Zone or VPC Subnet is required.");
    const { template, mixed } = readTemplateChoice(state, input);
    createGroup(state, {
      name: scalingForm.text(input, "AutoScalingGroupName"),
      capacity: { min, max, desired: scalingForm.optionalInteger(input, "DesiredCapacity") ?? min },
      template,
      settings: { ...settings, mixed },
      tags: new Map(readTags(input).map((tag) => [tag.key, tag])),
    });
  },

  UpdateAutoScalingGroup(input, context) {
    const state = scalingState(placeOf(context));
    const group = findGroup(state, scalingForm.text(input, "AutoScalingGroupName"));
    const capacity = changedCapacity(group, {
      min: scalingForm.optionalInteger(input, "MinSize"),
      max: scalingForm.optionalInteger(input, "MaxSize"),
      desired: scalingForm.optionalInteger(input, "DesiredCapacity"),
    });
    const settings = { ...readZones(state, input), ...readSettings(input) };
    checkSettings(settings);
    const template = hasTemplateChoice(input) ? readTemplateChoice(state, input) : {};
    applyCapacity(state, group, { capacity, by: "a user request update" });
    Object.assign(group, settings, template);
    reconcileSoon(state, group);
  },

  DeleteAutoScalingGroup(input, context) {
    const state = scalingState(placeOf(context));
    const group = findGroup(state, scalingForm.text(input, "AutoScalingGroupName"));
    deleteGroup(state, group, scalingForm.optionalFlag(input, "ForceDelete") ?? false);
  },

  DescribeAutoScalingGroups(input, context) {
    const state = scalingState(placeOf(context));
    const names = scalingForm.texts(input, "AutoScalingGroupNames") ?? [];
    const matches = readGroupFilter(input);
    const groups = readView(state.view, () => showGroups(state)).filter(
      (group) => (names.length === 0 || names.includes(group.AutoScalingGroupName)) && matches(group),
    );
    const { items, nextToken } = page(groups, input, { size: 50, max: 100 });
    const withInstances = scalingForm.optionalFlag(input, "IncludeInstances") ?? true;
    const shown = withInstances ? items : items.map((group) => ({ ...group, Instances: [] }));
    return { AutoScalingGroups: shown, NextToken: nextToken };
  },
};

function readSettings(input: FormInput): Partial<GroupSettings> {
  const read = {
    cooldownSeconds: scalingForm.optionalInteger(input, "DefaultCooldown"),
    graceSeconds: scalingForm.optionalInteger(input, "HealthCheckGracePeriod"),
    healthCheckType: scalingForm.optionalText(input, "HealthCheckType"),
    protectNewInstances: scalingForm.optionalFlag(input, "NewInstancesProtectedFromScaleIn"),
    terminationPolicies: scalingForm.texts(input, "TerminationPolicies"),
    maxInstanceLifetime: scalingForm.optionalInteger(input, "MaxInstanceLifetime"),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

/** Subnets are not modelled: each of the given ones is in a zone of its own, in order. */
function readZones(state: ScalingState, input: FormInput): Partial<GroupSettings> {
  const zones = scalingForm.texts(input, "AvailabilityZones");
  const subnets = scalingForm
    .optionalText(input, "VPCZoneIdentifier")
    ?.split(",")
    .map((subnet) => subnet.trim());
  if (subnets === undefined) return zones === undefined || zones.length === 0 ? {} : { availabilityZones: zones };
  const letters = "abcdef";
  return {
    subnets,
    availabilityZones: zones ?? subnets.map((_, index) => `${state.region}${letters[index % letters.length]}`),
  };
}
