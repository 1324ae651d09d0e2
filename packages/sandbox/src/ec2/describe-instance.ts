import type { World } from "../core/world.ts";
import type { InstanceDescription, InstanceSource } from "../metadata/instance-source.ts";
import { allEc2States, type Ec2State, type Instance } from "./ec2-state.ts";

/** What an instance may learn about itself. */
export function describeInstance(state: Ec2State, instance: Instance): InstanceDescription {
  return {
    instanceId: instance.id,
    account: state.account,
    region: state.region,
    availabilityZone: instance.availabilityZone,
    instanceType: instance.instanceType,
    imageId: instance.imageId,
    privateIp: instance.privateIp,
    launchTime: new Date(instance.launchedAt).toISOString(),
    tags: instance.metadataTags ? Object.fromEntries(instance.tags) : null,
    // IAM is not modelled: an instance profile holds the role of its own name.
    role: instance.profileArn === null ? null : (instance.profileArn.split("/").at(-1) ?? null),
  };
}

/** Finds instances of every account and region, for the metadata service. */
export function createInstanceSource(world: World): InstanceSource {
  return {
    describeInstance(instanceId) {
      for (const state of allEc2States(world)) {
        const instance = state.instances.get(instanceId);
        if (instance === undefined) continue;
        return instance.state === "terminated" || instance.lost ? null : describeInstance(state, instance);
      }
      return null;
    },
  };
}
