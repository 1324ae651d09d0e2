import type { Ec2State, Instance, InstanceState, StateReason } from "./ec2-state.ts";

/** An instance at one moment. */
export interface ShownInstance {
  readonly id: string;
  readonly state: InstanceState;
  readonly stateReason: StateReason | null;
  readonly impaired: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** What never changes. */
  readonly instance: Omit<Instance, "state" | "stateReason" | "lost" | "moves" | "tags">;
}

const stateCodes: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export function showInstances(state: Ec2State): readonly ShownInstance[] {
  return [...state.instances.values()].map(showInstance);
}

export function showInstance(instance: Instance): ShownInstance {
  const { id, state, stateReason, lost, tags } = instance;
  return { id, state, stateReason, impaired: lost, tags: Object.fromEntries(tags), instance };
}

export function writeState(state: InstanceState) {
  return { code: stateCodes[state], name: state };
}

/** As `DescribeInstances` shows it. */
export function writeInstance({ id, state, stateReason, tags, instance }: ShownInstance) {
  const gone = state === "terminated";
  return {
    instanceId: id,
    imageId: instance.imageId,
    instanceState: writeState(state),
    ...(stateReason === null ? {} : { reason: stateReason.message, stateReason }),
    instanceType: instance.instanceType,
    launchTime: new Date(instance.launchedAt),
    placement: { availabilityZone: instance.availabilityZone, tenancy: "default" },
    ...(gone ? {} : { subnetId: instance.subnetId, privateIpAddress: instance.privateIp }),
    ...(instance.profileArn === null || gone ? {} : { iamInstanceProfile: { arn: instance.profileArn } }),
    metadataOptions: {
      state: "applied",
      httpTokens: "required",
      httpEndpoint: "enabled",
      instanceMetadataTags: instance.metadataTags ? "enabled" : "disabled",
    },
    tagSet: writeTags(tags),
  };
}

export function writeTags(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([tagKey, value]) => ({ key: tagKey, value }));
}
