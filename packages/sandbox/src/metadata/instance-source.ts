/** What an instance may learn about itself from its metadata service. */
export interface InstanceDescription {
  readonly instanceId: string;
  readonly account: string;
  readonly region: string;
  readonly availabilityZone: string;
  readonly instanceType: string;
  readonly imageId: string;
  readonly privateIp: string;
  /** ISO 8601. */
  readonly launchTime: string;
  /** Null where the launch template does not enable tags in metadata. */
  readonly tags: Readonly<Record<string, string>> | null;
  /** The role in the instance profile; null without a profile. */
  readonly role: string | null;
}

/** Where instances are looked up, in all accounts and regions. */
export interface InstanceSource {
  /** Null where there is no such instance, or its metadata service is gone because it is terminated. */
  describeInstance(instanceId: string): InstanceDescription | null;
}
