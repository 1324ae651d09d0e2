import type { Deployment } from "@windlass/deployment";

export interface LogPlace {
  readonly region: string;
  /** The area's state bucket. */
  readonly bucket: string;
}

/**
 * The page of the AWS console that shows a deployment's log: its folder in the state bucket, or its first Auto Scaling
 * group. Only who may sign in to the account sees it.
 */
export function logUrlOf({ id, refresh }: Pick<Deployment, "id" | "refresh">, { region, bucket }: LogPlace): string {
  const host = consoleHost(region);
  const [group] = refresh === null ? [] : Object.keys(refresh.groups);
  if (group === undefined) return `https://${host}/s3/buckets/${bucket}?region=${region}&prefix=runs/${id}/`;
  const page = `AutoScalingGroupDetails:id=${encodeURIComponent(group)};view=instanceRefresh`;
  return `https://${host}/ec2/home?region=${region}#${page}`;
}

/** https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
function consoleHost(region: string): string {
  return `${region}.${consoleDomain(region)}`;
}

function consoleDomain(region: string): string {
  if (region.startsWith("cn-")) return "console.amazonaws.cn";
  return region.startsWith("us-gov-") ? "console.amazonaws-us-gov.com" : "console.aws.amazon.com";
}
