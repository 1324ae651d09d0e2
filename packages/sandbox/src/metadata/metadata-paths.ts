import type { InstanceDescription } from "./instance-source.ts";

/** A role's credentials as the metadata service tells them. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly token: string;
  /** ISO 8601 in whole seconds. */
  readonly expiration: string;
  readonly lastUpdated: string;
}

/**
 * Everything that can be read, by path below `/latest/`.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-metadata.html
 */
export function metadataPaths(
  instance: InstanceDescription,
  credentials: RoleCredentials | null,
): ReadonlyMap<string, string> {
  const paths = new Map<string, string>([
    ["meta-data/ami-id", instance.imageId],
    ["meta-data/instance-id", instance.instanceId],
    ["meta-data/instance-type", instance.instanceType],
    ["meta-data/local-ipv4", instance.privateIp],
    ["meta-data/placement/availability-zone", instance.availabilityZone],
    ["meta-data/placement/region", instance.region],
    ["meta-data/services/domain", "amazonaws.com"],
    ["dynamic/instance-identity/document", identityDocument(instance)],
  ]);
  // Only where the launch options allow it:
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html
  for (const [key, value] of Object.entries(instance.tags ?? {})) paths.set(`meta-data/tags/instance/${key}`, value);
  if (instance.role !== null && credentials !== null) {
    paths.set(`meta-data/iam/security-credentials/${instance.role}`, credentialsDocument(credentials));
    paths.set("meta-data/iam/info", profileDocument(instance, credentials));
  }
  return paths;
}

/** The value at a path, or the names below it, one a line; null where there is neither. */
export function readPath(paths: ReadonlyMap<string, string>, path: string): string | null {
  const value = paths.get(path);
  if (value !== undefined) return value;
  const directory = path === "" || path.endsWith("/") ? path : `${path}/`;
  const names = new Set<string>();
  for (const known of paths.keys()) {
    if (!known.startsWith(directory)) continue;
    const rest = known.slice(directory.length);
    const slash = rest.indexOf("/");
    names.add(slash < 0 ? rest : rest.slice(0, slash + 1));
  }
  return names.size === 0 ? null : [...names].sort().join("\n");
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-identity-documents.html */
function identityDocument(instance: InstanceDescription): string {
  return toText({
    accountId: instance.account,
    architecture: "x86_64",
    availabilityZone: instance.availabilityZone,
    imageId: instance.imageId,
    instanceId: instance.instanceId,
    instanceType: instance.instanceType,
    pendingTime: wholeSeconds(instance.launchTime),
    privateIp: instance.privateIp,
    region: instance.region,
    version: "2017-09-30",
  });
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html */
function credentialsDocument(credentials: RoleCredentials): string {
  return toText({
    Code: "Success",
    LastUpdated: credentials.lastUpdated,
    Type: "AWS-HMAC",
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    Token: credentials.token,
    Expiration: credentials.expiration,
  });
}

function profileDocument({ account, role }: InstanceDescription, { lastUpdated }: RoleCredentials): string {
  const arn = `arn:aws:iam::${account}:instance-profile/${role}`;
  return toText({
    Code: "Success",
    LastUpdated: lastUpdated,
    InstanceProfileArn: arn,
    InstanceProfileId: "AIPASANDBOX",
  });
}

/** ISO 8601 without fractions of a second. */
export function wholeSeconds(time: string | number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function toText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
