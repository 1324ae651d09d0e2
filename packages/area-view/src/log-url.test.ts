import type { Deployment } from "@windlass/deployment";
import { describe, expect, it } from "vitest";
import { logUrlOf } from "./log-url.ts";

const ID = "20261124t021500z-42";
const terraform = { id: ID, refresh: null } as Deployment;
const place = { region: "ap-southeast-2", bucket: "windlass-state-222222222222" };

describe("the link to a log", () => {
  it("is the run's folder in the state bucket", () => {
    expect(logUrlOf(terraform, place)).toBe(
      `https://ap-southeast-2.console.aws.amazon.com/s3/buckets/windlass-state-222222222222?region=ap-southeast-2&prefix=runs/${ID}/`,
    );
  });

  it("is the group's refreshes where instances are refreshed", () => {
    const refresh = { groups: { "web asg": {} } } as unknown as Deployment["refresh"];

    expect(logUrlOf({ ...terraform, refresh }, place)).toBe(
      "https://ap-southeast-2.console.aws.amazon.com/ec2/home?region=ap-southeast-2#AutoScalingGroupDetails:id=web%20asg;view=instanceRefresh",
    );
  });

  it.each([
    ["us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"],
    ["cn-north-1", "cn-north-1.console.amazonaws.cn"],
  ])("is in the partition of %s", (region, host) => {
    expect(new URL(logUrlOf(terraform, { ...place, region })).host).toBe(host);
  });
});
