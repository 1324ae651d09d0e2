import type { ActionContext, ActionHandler } from "../core/service.ts";
import type { FormInput } from "../ec2/form-reader.ts";
import { readView } from "../ec2/stale-view.ts";
import { causeAt, writeActivity } from "./activities.ts";
import { inProgress, setDesiredCapacity } from "./capacity.ts";
import { findGroup } from "./groups.ts";
import { findMember } from "./health.ts";
import { terminateMember } from "./members.ts";
import { placeOf, scalingState } from "./open-scaling.ts";
import { page } from "./paging.ts";
import { reconcileSoon } from "./reconcile.ts";
import { memberNotFound, scalingForm, validationError } from "./scaling-fault.ts";
import type { ScalingState } from "./scaling-state.ts";
import { showGroups } from "./show-group.ts";

export const memberActions: Readonly<Record<string, ActionHandler>> = {
  SetDesiredCapacity(input, context) {
    const state = scalingState(placeOf(context));
    const group = findGroup(state, scalingForm.text(input, "AutoScalingGroupName"));
    const desired = scalingForm.integer(input, "DesiredCapacity");
    setDesiredCapacity(state, group, {
      desired,
      honorCooldown: scalingForm.optionalFlag(input, "HonorCooldown") ?? false,
    });
  },

  TerminateInstanceInAutoScalingGroup: terminateInstance,

  SetInstanceProtection(input, context) {
    const state = scalingState(placeOf(context));
    const group = findGroup(state, scalingForm.text(input, "AutoScalingGroupName"));
    const isProtected = scalingForm.flag(input, "ProtectedFromScaleIn");
    const members = (scalingForm.texts(input, "InstanceIds") ?? []).map((id) => {
      const member = group.members.get(id);
      if (member === undefined)
        throw validationError(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
      // A pending or terminating instance can not be protected (API error of `SetInstanceProtection`).
      if (member.lifecycle !== "InService")
        throw validationError(`The instance ${id} is not in InService or EnteringStandby or Standby.`);
      return member;
    });
    for (const member of members) member.protectedFromScaleIn = isProtected;
    reconcileSoon(state, group);
    return {};
  },

  SetInstanceHealth(input, context) {
    const state = scalingState(placeOf(context));
    const { group, member } = requireMember(state, scalingForm.text(input, "InstanceId"));
    const status = scalingForm.text(input, "HealthStatus");
    if (status !== "Healthy" && status !== "Unhealthy")
      throw validationError(`'${status}' is not a valid health status`);
    const respectGrace = scalingForm.optionalFlag(input, "ShouldRespectGracePeriod") ?? true;
    const graceEnds = (member.inServiceAt ?? state.clock.now()) + group.graceSeconds * 1000;
    if (respectGrace && state.clock.now() < graceEnds) return;
    member.healthy = status === "Healthy";
    reconcileSoon(state, group);
  },

  DescribeAutoScalingInstances(input, context) {
    const state = scalingState(placeOf(context));
    const ids = scalingForm.texts(input, "InstanceIds") ?? [];
    const all = readView(state.view, () => showGroups(state)).flatMap(({ AutoScalingGroupName, Instances }) =>
      Instances.map((instance) => ({
        ...instance,
        AutoScalingGroupName,
        // This action has always written it in capitals, unlike the one for groups.
        HealthStatus: instance.HealthStatus.toUpperCase(),
      })),
    );
    const wanted = all.filter(({ InstanceId }) => ids.length === 0 || ids.includes(InstanceId));
    const { items, nextToken } = page(wanted, input, { size: 50, max: 50 });
    return { AutoScalingInstances: items, NextToken: nextToken };
  },
};

/** Ignores scale-in protection; without decrement the instance is replaced (API reference). */
function terminateInstance(input: FormInput, context: ActionContext) {
  const state = scalingState(placeOf(context));
  const id = scalingForm.text(input, "InstanceId");
  const decrement = scalingForm.flag(input, "ShouldDecrementDesiredCapacity");
  const { group, member } = requireMember(state, id);
  if (member.termination !== null) throw inProgress(member.termination.id);
  const { min, desired } = group;
  if (decrement && desired <= min)
    throw validationError(
      `Currently, desiredSize equals minSize (${min}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.`,
    );
  const shrinking = decrement ? `, shrinking the capacity from ${desired} to ${desired - 1}` : "";
  const cause = causeAt(state, `instance ${id} was taken out of service in response to a user request${shrinking}.`);
  if (decrement) group.desired -= 1;
  group.cause = cause;
  terminateMember(state, group, { member, cause });
  reconcileSoon(state, group);
  return member.termination === null ? {} : { Activity: writeActivity(member.termination) };
}

function requireMember(state: ScalingState, instanceId: string) {
  const found = findMember(state, instanceId);
  if (found === null) throw memberNotFound(instanceId);
  return found;
}
