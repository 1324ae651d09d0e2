import type { CallEntry } from "@windlass/sandbox";

/** One call as IAM sees it. */
export interface RecordedCall {
  readonly action: string;
  readonly resource: string;
}

/** What a world's calls are about, where a call does not say it. */
export interface CallScope {
  readonly account: string;
  readonly region: string;
  readonly deployGroup: string;
}

/**
 * The permissions that calls need. Where an operation and its action have different names:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const ACTIONS: Readonly<Record<string, string | null>> = {
  "s3:HeadObject": "s3:GetObject",
  "s3:ListObjectsV2": "s3:ListBucket",
  // Needs no permission, and can not be denied.
  "sts:GetCallerIdentity": null,
};

const NOT_AWS = new Set(["github", "metadata"]);

export function recordCalls(entries: readonly CallEntry[], scope: CallScope): readonly RecordedCall[] {
  return entries.flatMap((entry) => {
    const name = `${entry.service}:${entry.action}`;
    const action = ACTIONS[name] === undefined ? name : ACTIONS[name];
    if (action === null || NOT_AWS.has(entry.service)) return [];
    return resourcesOf(entry, scope).map((resource) => ({ action, resource }));
  });
}

/** Describe calls of EC2 and EC2 Auto Scaling, and the login to ECR, know no resources. */
function resourcesOf({ service, action, input }: CallEntry, scope: CallScope): readonly string[] {
  const { account, region, deployGroup } = scope;
  const text = (member: string) => String(input[member] ?? "");
  switch (service) {
    case "s3":
      return [`arn:aws:s3:::${text("Bucket")}${input["Key"] === undefined ? "" : `/${text("Key")}`}`];
    case "ecr":
      if (action === "GetAuthorizationToken") return ["*"];
      return [`arn:aws:ecr:${region}:${text("registryId")}:repository/${text("repositoryName")}`];
    case "autoscaling":
      if (action.startsWith("Describe")) return ["*"];
      return groupsOf(input, deployGroup).map(
        (group) => `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:id:autoScalingGroupName/${group}`,
      );
    case "sns":
      return [text("TopicArn")];
    case "secretsmanager":
      return [`arn:aws:secretsmanager:${region}:${account}:secret:${text("SecretId")}-abcdef`];
    case "sts":
      return [text("RoleArn")];
    default:
      return ["*"];
  }
}

/** A termination names the instance alone; in these worlds only the deploy group has any that Windlass ends. */
function groupsOf(input: CallEntry["input"], deployGroup: string): readonly string[] {
  const { AutoScalingGroupName: name, Tags: tags } = input;
  if (Array.isArray(tags)) return tags.map(({ ResourceId }: Readonly<Record<string, unknown>>) => String(ResourceId));
  return [name === undefined ? deployGroup : String(name)];
}
