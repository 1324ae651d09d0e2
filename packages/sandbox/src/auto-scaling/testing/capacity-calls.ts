import {
  SetDesiredCapacityCommand,
  SetInstanceProtectionCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { createScaling, group, settle } from "./scaling-fixture.ts";

type Scaling = ReturnType<typeof createScaling>;

export function setDesired({ client }: Scaling, DesiredCapacity: number, HonorCooldown?: boolean) {
  return client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: group, DesiredCapacity, HonorCooldown }));
}

export function terminate({ client }: Scaling, InstanceId: string, ShouldDecrementDesiredCapacity: boolean) {
  return client.send(new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity }));
}

export function protect({ client }: Scaling, InstanceIds: string[], ProtectedFromScaleIn = true) {
  return client.send(
    new SetInstanceProtectionCommand({ AutoScalingGroupName: group, InstanceIds, ProtectedFromScaleIn }),
  );
}

/** A group with that many instances in service. */
export async function withInstances(count: number, options: Parameters<typeof createScaling>[0] = {}) {
  const scaling = createScaling({ max: Math.max(1, count), desired: count, ...options });
  await scaling.clock.advance(settle);
  const [first = ""] = scaling.active();
  return { ...scaling, first };
}
