import { AwsFault } from "../core/service.ts";
import { type InstanceLaunch, launchInstance, terminateInstance } from "../ec2/instance-lifecycle.ts";
import { findTemplate, templateVersion } from "../ec2/launch-templates.ts";
import { causeAt, endActivity, startActivity } from "./activities.ts";
import { failureText, takeLaunchFault } from "./launch-faults.ts";
import type { Group, Member, ScalingState, TemplateChoice } from "./scaling-state.ts";

/** Those that count towards the desired capacity: a terminating instance does not (guide, "Instance lifecycle"). */
export function activeMembers(group: Group): readonly Member[] {
  return [...group.members.values()].filter((member) => member.lifecycle !== "Terminating");
}

/** Tries one launch; false where it failed, which an activity then tells. */
export function launchMember(state: ScalingState, group: Group, choice: TemplateChoice): boolean {
  const availabilityZone = emptiestZone(group);
  const actual = activeMembers(group).length;
  const started = `an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${actual} to ${actual + 1}.`;
  const cause = `${group.cause}  ${causeAt(state, started)}`;
  try {
    const { launch, template } = prepareLaunch(state, group, { choice, availabilityZone });
    const instance = launchInstance(state.ec2, launch);
    const activity = startActivity(state, group, {
      description: `Launching a new EC2 instance: ${instance.id}`,
      cause,
      availabilityZone,
    });
    activity.status = "PreInService";
    const { protectNewInstances } = group;
    group.members.set(instance.id, {
      instance,
      template,
      launch: activity,
      lifecycle: "Pending",
      healthy: true,
      protectedFromScaleIn: protectNewInstances,
      inServiceAt: null,
      termination: null,
    });
    return true;
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    const activity = startActivity(state, group, {
      description: "Launching a new EC2 instance",
      cause,
      availabilityZone,
    });
    endActivity(state, activity, "Failed", failureText(group, error));
    return false;
  }
}

/** Begins an instance's way out of its group; it stays a member until EC2 says that it is terminated. */
export function terminateMember(state: ScalingState, group: Group, leaving: { member: Member; cause: string }): void {
  const { member, cause } = leaving;
  if (member.lifecycle === "Terminating") return;
  member.lifecycle = "Terminating";
  const { id, availabilityZone } = member.instance;
  endActivity(state, member.launch, "Successful");
  member.termination = startActivity(state, group, {
    description: `Terminating EC2 instance: ${id}`,
    cause,
    availabilityZone,
  });
  terminateInstance(state.ec2, member.instance);
}

/** Takes those out of the group that EC2 has terminated, or forgotten. */
export function removeGoneMembers(state: ScalingState, group: Group): void {
  for (const member of group.members.values()) {
    if (member.lifecycle !== "Terminating" || !isGone(state, member)) continue;
    group.members.delete(member.instance.id);
    if (member.termination !== null) endActivity(state, member.termination, "Successful");
    group.cooldownUntil = state.clock.now() + group.cooldownSeconds * 1000;
  }
}

export function isGone(state: ScalingState, member: Member): boolean {
  return member.instance.state === "terminated" || !state.ec2.instances.has(member.instance.id);
}

interface LaunchPlace {
  readonly choice: TemplateChoice;
  readonly availabilityZone: string;
}

function prepareLaunch(state: ScalingState, group: Group, place: LaunchPlace) {
  const { choice, availabilityZone } = place;
  const template = findTemplate(state.ec2, { id: choice.id });
  const { number, data } = templateVersion(template, choice.version ?? undefined);
  const fault = takeLaunchFault(state, group, { availabilityZone, instanceType: data.instanceType ?? "t3.small" });
  if (fault !== null) throw fault;
  const propagated = [...group.tags]
    .filter(([, tag]) => tag.propagateAtLaunch)
    .map(([key, tag]) => [key, tag.value] as const);
  const launch: InstanceLaunch = {
    data,
    availabilityZone,
    subnetId: group.subnets[group.availabilityZones.indexOf(availabilityZone)] ?? `subnet-${availabilityZone}`,
    tags: {
      ...Object.fromEntries(propagated),
      "aws:autoscaling:groupName": group.name,
      "aws:ec2launchtemplate:id": template.id,
      "aws:ec2launchtemplate:version": String(number),
    },
  };
  return { launch, template: { id: template.id, name: template.name, version: String(number) } };
}

function emptiestZone(group: Group): string {
  const count = (zone: string) =>
    activeMembers(group).filter(({ instance }) => instance.availabilityZone === zone).length;
  const sorted = [...group.availabilityZones].sort((a, b) => count(a) - count(b));
  return sorted[0] ?? "";
}
