import {
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeScalingActivitiesCommand,
  DescribeTagsCommand,
  type Filter,
} from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { createScaling, group, scratch, settle } from "./testing/scaling-fixture.ts";

describe("DescribeAutoScalingGroups", () => {
  function withGroups() {
    const scaling = createScaling();
    scaling.groups.deleteGroup(group);
    scaling.groups.createGroup("a", { tags: { "deploy.packages": "web api", team: "x" } });
    scaling.groups.createGroup("b", { tags: { "deploy.packages": "web", team: "y" } });
    scaling.groups.createGroup("c");
    const names = async (Filters?: Filter[], AutoScalingGroupNames?: string[]) => {
      const { AutoScalingGroups } = await scaling.client.send(
        new DescribeAutoScalingGroupsCommand({ Filters, AutoScalingGroupNames }),
      );
      return AutoScalingGroups?.map(({ AutoScalingGroupName }) => AutoScalingGroupName);
    };
    return { ...scaling, names };
  }

  it.each<[Filter[] | undefined, string[] | undefined, string[]]>([
    [undefined, undefined, ["a", "b", "c"]],
    [undefined, ["c", "nothing", "a"], ["a", "c"]],
    [[{ Name: "tag-key", Values: ["team"] }], undefined, ["a", "b"]],
    [[{ Name: "tag-value", Values: ["x", "y"] }], undefined, ["a", "b"]],
    [[{ Name: "tag:deploy.packages", Values: ["web"] }], undefined, ["b"]],
    [[{ Name: "tag:deploy.packages", Values: ["web*"] }], undefined, []],
    [
      [
        { Name: "tag:team", Values: ["x"] },
        { Name: "tag-key", Values: ["deploy.packages"] },
      ],
      undefined,
      ["a"],
    ],
    [[{ Name: "tag-key", Values: ["team"] }], ["b", "c"], ["b"]],
  ])("with filters %j and names %j gives %j", async (filters, wanted, expected) => {
    expect(await withGroups().names(filters, wanted)).toEqual(expected);
  });

  it("refuses a filter that it does not know", async () => {
    await expect(withGroups().names([{ Name: "name", Values: ["a"] }])).rejects.toMatchObject({
      name: "ValidationError",
    });
  });

  it("has pages of 50 by default and 100 at most, and knows its own tokens only", async () => {
    const { client, groups } = createScaling();
    for (let number = 0; number < 60; number += 1) groups.createGroup(`g${number}`);

    const first = await client.send(new DescribeAutoScalingGroupsCommand({}));
    const second = await client.send(new DescribeAutoScalingGroupsCommand({ NextToken: first.NextToken }));

    expect([first.AutoScalingGroups?.length, second.AutoScalingGroups?.length]).toEqual([50, 11]);
    expect(second.NextToken).toBeUndefined();
    const large = client.send(new DescribeAutoScalingGroupsCommand({ MaxRecords: 101 }));
    await expect(large).rejects.toMatchObject({ name: "ValidationError" });
    const foreign = client.send(new DescribeAutoScalingGroupsCommand({ NextToken: "page" }));
    await expect(foreign).rejects.toMatchObject({ name: "InvalidNextToken" });
  });

  it("is per account and region", async () => {
    const { sandbox } = createScaling();

    expect(sandbox.account("333333333333").autoScaling().groups()).toEqual([]);
    expect(sandbox.account(scratch).autoScaling("us-east-1").groups()).toEqual([]);
    expect(sandbox.account(scratch).autoScaling("ap-southeast-2").groups()).toEqual([group]);
  });

  it("lags behind while reads are stale", async () => {
    const { groups, clock, describe: describeGroup } = createScaling();
    groups.staleReads(10_000);

    groups.setDesiredCapacity(group, 1);
    expect((await describeGroup())?.DesiredCapacity).toBe(0);
    await clock.advance(10_000);
    expect(await describeGroup()).toMatchObject({ DesiredCapacity: 1, Instances: [] });
    await clock.advance(2_000);
    expect((await describeGroup())?.Instances).toHaveLength(1);
    groups.setDesiredCapacity(group, 0);
    groups.staleReads(0);

    expect((await describeGroup())?.DesiredCapacity).toBe(0);
  });
});

describe("what else is described", () => {
  it("is instances over all groups, without those that are no members", async () => {
    const { client, active, clock } = createScaling({ desired: 1 });
    await clock.advance(settle);
    const [id = ""] = active();

    const { AutoScalingInstances } = await client.send(
      new DescribeAutoScalingInstancesCommand({ InstanceIds: [id, "i-00000000000000000"] }),
    );

    expect(AutoScalingInstances).toMatchObject([
      { InstanceId: id, AutoScalingGroupName: group, LifecycleState: "InService", HealthStatus: "HEALTHY" },
    ]);
  });

  it("is tags by group and key", async () => {
    const { client, groups } = createScaling({ tags: { a: "1", b: "2" } });
    groups.createGroup("other", { tags: { a: "3" } });
    const Filters = [
      { Name: "auto-scaling-group", Values: [group] },
      { Name: "key", Values: ["a"] },
    ];

    const { Tags } = await client.send(new DescribeTagsCommand({ Filters }));

    expect(Tags).toMatchObject([{ ResourceId: group, Key: "a", Value: "1", PropagateAtLaunch: true }]);
  });

  it("is activities, newest first, with their cause in AWS's words, and of deleted groups on request", async () => {
    const { client, groups, activities, clock } = createScaling();
    groups.setDesiredCapacity(group, 1);
    await clock.advance(settle);
    groups.setDesiredCapacity(group, 0);
    await clock.advance(settle);

    const [ending, beginning] = await activities();
    expect(beginning).toMatchObject({
      StatusCode: "Successful",
      Cause:
        "At 2026-11-24T09:00:00Z a user request explicitly set group desired capacity changing the desired capacity from 0 to 1.  At 2026-11-24T09:00:02Z an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 0 to 1.",
    });
    expect(ending?.Cause).toMatch(/shrinking the capacity from 1 to 0\. {2}At .* was selected for termination\.$/);
    groups.deleteGroup(group);
    const gone = client.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: group }));
    await expect(gone).rejects.toMatchObject({ name: "ValidationError" });
    const kept = await client.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName: group, IncludeDeletedGroups: true }),
    );
    expect(kept.Activities).toHaveLength(2);
    await clock.advance(42 * 24 * 3_600_000);
    const forgotten = await client.send(new DescribeScalingActivitiesCommand({ IncludeDeletedGroups: true }));
    expect(forgotten.Activities).toEqual([]);
  });
});
