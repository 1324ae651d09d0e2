import type { ShownInstance } from "./show-instance.ts";

/** The filters of `DescribeInstances` and `DescribeInstanceStatus` that the sandbox has. */
export function instanceFilters(name: string, shown: ShownInstance): readonly string[] | undefined {
  if (name.startsWith("tag:")) return valuesOf(shown.tags[name.slice("tag:".length)]);
  switch (name) {
    case "tag-key":
      return Object.keys(shown.tags);
    case "tag-value":
      return Object.values(shown.tags);
    case "instance-id":
      return [shown.id];
    case "instance-state-name":
      return [shown.state];
    case "availability-zone":
      return [shown.instance.availabilityZone];
    case "image-id":
      return [shown.instance.imageId];
    case "instance-type":
      return [shown.instance.instanceType];
    case "iam-instance-profile.arn":
      return valuesOf(shown.instance.profileArn);
    default:
      return undefined;
  }
}

function valuesOf(value: string | null | undefined): readonly string[] {
  return value === null || value === undefined ? [] : [value];
}
