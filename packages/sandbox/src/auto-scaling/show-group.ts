import type { Group, Member, ScalingState, TemplateChoice } from "./scaling-state.ts";

export type ShownGroup = ReturnType<typeof showGroup>;

/** All groups as the API shows them at this moment. */
export function showGroups(state: ScalingState): readonly ShownGroup[] {
  return [...state.groups.values()].map(showGroup);
}

export function showGroup(group: Group) {
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    ...showTemplate(group),
    MinSize: group.min,
    MaxSize: group.max,
    DesiredCapacity: group.desired,
    DefaultCooldown: group.cooldownSeconds,
    AvailabilityZones: [...group.availabilityZones],
    LoadBalancerNames: [],
    TargetGroupARNs: [],
    HealthCheckType: group.healthCheckType,
    HealthCheckGracePeriod: group.graceSeconds,
    Instances: [...group.members.values()].map(showMember),
    CreatedTime: new Date(group.createdAt),
    SuspendedProcesses: [...group.suspended].map(([ProcessName, SuspensionReason]) => ({
      ProcessName,
      SuspensionReason,
    })),
    VPCZoneIdentifier: group.subnets.join(","),
    EnabledMetrics: [],
    ...(group.deleting ? { Status: "Delete in progress" } : {}),
    Tags: showTags(group),
    TerminationPolicies: [...group.terminationPolicies],
    NewInstancesProtectedFromScaleIn: group.protectNewInstances,
    ServiceLinkedRoleARN: serviceRole(group),
    ...(group.maxInstanceLifetime === null ? {} : { MaxInstanceLifetime: group.maxInstanceLifetime }),
  };
}

export function showTags(group: Group) {
  return [...group.tags].map(([Key, { value, propagateAtLaunch }]) => ({
    ResourceId: group.name,
    ResourceType: "auto-scaling-group",
    Key,
    Value: value,
    PropagateAtLaunch: propagateAtLaunch,
  }));
}

export function writeTemplateChoice(choice: TemplateChoice) {
  const { id, name, version } = choice;
  return { LaunchTemplateId: id, LaunchTemplateName: name, ...(version === null ? {} : { Version: version }) };
}

function showTemplate(group: Group) {
  const specification = writeTemplateChoice(group.template);
  if (!group.mixed) return { LaunchTemplate: specification };
  return { MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification: specification, Overrides: [] } } };
}

function showMember(member: Member) {
  return {
    InstanceId: member.instance.id,
    InstanceType: member.instance.instanceType,
    AvailabilityZone: member.instance.availabilityZone,
    LifecycleState: member.lifecycle,
    HealthStatus: member.healthy ? "Healthy" : "Unhealthy",
    LaunchTemplate: writeTemplateChoice(member.template),
    ProtectedFromScaleIn: member.protectedFromScaleIn,
  };
}

function serviceRole(group: Group): string {
  const account = group.arn.split(":")[4] ?? "";
  return `arn:aws:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
}
