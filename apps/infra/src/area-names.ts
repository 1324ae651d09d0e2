import { areaNames, type NamedArea, partitionOf, type Registry } from "@windlass/account-mapping";

export { type AreaNames, areaNames, partitionOf } from "@windlass/account-mapping";

export function roleArn(area: Pick<NamedArea, "account" | "region">, role: string): string {
  return `arn:${partitionOf(area.region)}:iam::${area.account}:role/${role}`;
}

/** Of a repository of the registry; the name may be a pattern. */
export function repositoryArn({ account, region }: Registry, name: string): string {
  return `arn:${partitionOf(region)}:ecr:${region}:${account}:repository/${name}`;
}

export function stateBucketArn(area: NamedArea): string {
  return `arn:${partitionOf(area.region)}:s3:::${areaNames(area).stateBucket}`;
}

/** Of the group with this name, whatever its unique id. */
export function groupArn(area: Pick<NamedArea, "account" | "region">, group: string): string {
  return `arn:${partitionOf(area.region)}:autoscaling:${area.region}:${area.account}:autoScalingGroup:*:autoScalingGroupName/${group}`;
}
