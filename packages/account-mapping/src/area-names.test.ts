import { expect, it } from "vitest";
import { areaNames, partitionOf } from "./area-names.ts";
import { parseMapping } from "./index.ts";

function areaOf(infra: string, region = "ap-southeast-2") {
  const mapping = parseMapping(`
version: 1
workload: dataGov
registry: { account: "111111111111", region: ${region} }
areas:
  scratch: { branch: Develop, account: "222222222222"${infra} }
images:
  dga-network: { kind: terraform }
`);
  const area = mapping.areas["scratch"];
  if (area === undefined) throw new Error("there is no such area");
  return area;
}

it("calls everything in an account by one prefix, and the bucket by account and region, since its name is the world's", () => {
  expect(areaNames(areaOf(""))).toEqual({
    prefix: "windlass",
    lambdaRole: "windlass-lambda",
    instanceRole: "windlass-instance",
    applyRole: "windlass-apply",
    applyBoundary: "windlass-apply-boundary",
    schedulerRole: "windlass-scheduler",
    flowLogRole: "windlass-flow-log",
    deployFunction: "windlass-tick",
    deployGroup: "windlass-deploy",
    stateBucket: "windlass-state-222222222222-ap-southeast-2",
    scheduleGroup: "windlass",
  });
});

it("calls bucket and group as the mapping says", () => {
  const names = areaNames(areaOf(", infra: { prefix: windlass-gov, bucket: gov-state, deployGroup: gov-runs }"));

  expect(names).toMatchObject({ lambdaRole: "windlass-gov-lambda", stateBucket: "gov-state", deployGroup: "gov-runs" });
});

it.each([
  ["ap-southeast-2", "aws"],
  ["cn-north-1", "aws-cn"],
  ["us-gov-west-1", "aws-us-gov"],
])("says that %s is in the partition %s", (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});
