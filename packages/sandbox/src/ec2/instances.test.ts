import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  StopInstancesCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { createScaling, group } from "../auto-scaling/testing/scaling-fixture.ts";
import { unknown, withInstances } from "./testing/instances-fixture.ts";

describe("DescribeInstances", () => {
  it("tells what an instance is", async () => {
    const { first, list } = await withInstances(1, { tags: { a: "b" } });

    const { instances } = await list({ InstanceIds: [first] });

    expect(instances).toMatchObject([
      {
        InstanceId: first,
        InstanceType: "t3.small",
        State: { Code: 16, Name: "running" },
        Placement: { AvailabilityZone: "ap-southeast-2a" },
        MetadataOptions: { HttpTokens: "required", InstanceMetadataTags: "enabled" },
        Tags: expect.arrayContaining([{ Key: "a", Value: "b" }]),
      },
    ]);
  });

  it("fails as a whole for an id that it does not know, or that is none", async () => {
    const { first, list } = await withInstances(1);

    await expect(list({ InstanceIds: [first, unknown] })).rejects.toMatchObject({
      name: "InvalidInstanceID.NotFound",
      message: `The instance ID '${unknown}' does not exist`,
    });
    await expect(list({ InstanceIds: ["i-xyz"] })).rejects.toMatchObject({ name: "InvalidInstanceID.Malformed" });
  });

  it.each([
    [{ Name: "instance-state-name", Values: ["running", "pending"] }, 2],
    [{ Name: "instance-state-name", Values: ["terminated"] }, 0],
    [{ Name: "tag:aws:autoscaling:groupName", Values: [group] }, 2],
    [{ Name: "tag:aws:autoscaling:groupName", Values: ["dep*"] }, 2],
    [{ Name: "tag:missing", Values: ["*"] }, 0],
    [{ Name: "tag-key", Values: ["aws:autoscaling:groupName"] }, 2],
    [{ Name: "availability-zone", Values: ["ap-southeast-2b"] }, 0],
  ])("filters by %j", async (filter, count) => {
    const { list } = await withInstances(2);

    expect((await list({ Filters: [filter] })).instances).toHaveLength(count);
  });

  it("refuses a filter that it does not have", async () => {
    const { list } = await withInstances(1);

    await expect(list({ Filters: [{ Name: "colour", Values: ["red"] }] })).rejects.toMatchObject({
      name: "InvalidParameterValue",
      message: "The filter 'colour' is invalid",
    });
  });

  it("has pages of at least 5, and none with ids", async () => {
    const { list, first } = await withInstances(7);

    const one = await list({ MaxResults: 5 });
    const two = await list({ MaxResults: 5, NextToken: one.NextToken });

    expect([one.instances.length, two.instances.length, two.NextToken]).toEqual([5, 2, undefined]);
    await expect(list({ MaxResults: 4 })).rejects.toMatchObject({ name: "InvalidParameterValue" });
    const named = list({ MaxResults: 5, InstanceIds: [first] });
    await expect(named).rejects.toMatchObject({ name: "InvalidParameterCombination" });
  });

  it("does not know a new instance while reads are stale", async () => {
    const { groups, compute, clock, list } = createStale();
    groups.setDesiredCapacity(group, 1);
    await clock.advance(5_000);
    const id = compute.instances()[0]?.instanceId ?? "";

    await expect(list(id)).rejects.toMatchObject({ name: "InvalidInstanceID.NotFound" });
    await clock.advance(30_000);

    expect(await list(id)).toBe("pending");
  });

  function createStale() {
    const scaling = createScaling();
    scaling.compute.staleReads(30_000);
    const list = async (id: string) => {
      const { Reservations } = await scaling.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
      return Reservations?.[0]?.Instances?.[0]?.State?.Name;
    };
    return { ...scaling, list };
  }
});

describe("DescribeInstanceStatus", () => {
  it("shows only running instances unless it is asked for all", async () => {
    const { ec2, first } = await withInstances(2);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [first] }));

    const running = await ec2.send(new DescribeInstanceStatusCommand({}));
    const all = await ec2.send(new DescribeInstanceStatusCommand({ IncludeAllInstances: true }));

    expect(running.InstanceStatuses).toHaveLength(1);
    expect(all.InstanceStatuses).toHaveLength(2);
  });
});

describe("tags of an instance", () => {
  it("can be set and taken off, but not with a key that its metadata can not show", async () => {
    const { ec2, first, list } = await withInstances(1);
    const put = (Key: string) => ec2.send(new CreateTagsCommand({ Resources: [first], Tags: [{ Key, Value: "x" }] }));
    const keys = async () => (await list()).instances[0]?.Tags?.map(({ Key }) => Key);

    await put("colour");
    expect(await keys()).toContain("colour");
    await ec2.send(new DeleteTagsCommand({ Resources: [first], Tags: [{ Key: "colour" }] }));
    expect(await keys()).not.toContain("colour");

    await expect(put("team/name")).rejects.toThrow("'team/name' is not a valid tag key.");
    await expect(put("aws:own")).rejects.toMatchObject({ name: "InvalidParameterValue" });
    await expect(put("_index")).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });
});
