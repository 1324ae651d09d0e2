import { expect, it } from "vitest";
import { areaNames, partitionOf, stateBucketArn } from "./area-names.ts";

const infra = { prefix: "windlass-dga", bucket: null, deployGroup: null };

it("calls everything by the prefix, and the bucket by account and region as well, since its name is the world's", () => {
  const names = areaNames({ account: "222222222222", region: "eu-west-1", infra });

  expect(Object.values(names).filter((name) => !name.startsWith("windlass-dga"))).toEqual([]);
  expect(names.stateBucket).toBe("windlass-dga-state-222222222222-eu-west-1");
});

it.each([
  ["eu-west-1", "aws"],
  ["cn-north-1", "aws-cn"],
  ["us-gov-west-1", "aws-us-gov"],
])("knows the partition of %s", (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
  expect(stateBucketArn({ account: "222222222222", region, infra })).toMatch(`arn:${partition}:s3:::`);
});
