import {
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  DeleteAutoScalingGroupCommand,
  DeleteScheduledActionCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeScalingActivitiesCommand,
  DescribeScheduledActionsCommand,
  DescribeTagsCommand,
  type Filter,
  PutScheduledUpdateGroupActionCommand,
  type PutScheduledUpdateGroupActionCommandInput,
} from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { createScaling, group, scratch, settle, start } from "./testing/scaling-fixture.ts";

describe("CreateAutoScalingGroup", () => {
  function create(change: Partial<CreateAutoScalingGroupCommandInput>) {
    const { client, compute, ...rest } = createScaling();
    compute.createLaunchTemplate("web");
    const input = {
      AutoScalingGroupName: "web",
      MinSize: 0,
      MaxSize: 2,
      VPCZoneIdentifier: "subnet-1,subnet-2",
      LaunchTemplate: { LaunchTemplateName: "web", Version: "$Latest" },
      ...change,
    };
    return { ...rest, client, sent: client.send(new CreateAutoScalingGroupCommand(input)) };
  }

  it("makes a group that is described as it was created", async () => {
    const { sent, describe: describeGroup } = create({
      Tags: [{ Key: "a", Value: "b", PropagateAtLaunch: false }],
      NewInstancesProtectedFromScaleIn: true,
    });
    await sent;

    expect(await describeGroup("web")).toMatchObject({
      AutoScalingGroupName: "web",
      AutoScalingGroupARN: expect.stringMatching(
        `^arn:aws:autoscaling:ap-southeast-2:${scratch}:autoScalingGroup:[0-9a-f-]{36}:autoScalingGroupName/web$`,
      ),
      MinSize: 0,
      MaxSize: 2,
      DesiredCapacity: 0,
      DefaultCooldown: 300,
      HealthCheckType: "EC2",
      HealthCheckGracePeriod: 0,
      AvailabilityZones: ["ap-southeast-2a", "ap-southeast-2b"],
      VPCZoneIdentifier: "subnet-1,subnet-2",
      LaunchTemplate: { LaunchTemplateName: "web", Version: "$Latest" },
      NewInstancesProtectedFromScaleIn: true,
      CreatedTime: new Date(start),
      Tags: [{ ResourceId: "web", ResourceType: "auto-scaling-group", Key: "a", Value: "b", PropagateAtLaunch: false }],
    });
  });

  it("spreads instances over the zones", async () => {
    const { sent, clock, ec2 } = create({ DesiredCapacity: 2 });
    await sent;
    await clock.advance(settle);

    const { Reservations } = await ec2.send(new DescribeInstancesCommand({}));

    const places = Reservations?.map(({ Instances }) => [
      Instances?.[0]?.Placement?.AvailabilityZone,
      Instances?.[0]?.SubnetId,
    ]);
    expect(places?.sort()).toEqual([
      ["ap-southeast-2a", "subnet-1"],
      ["ap-southeast-2b", "subnet-2"],
    ]);
  });

  it.each<[string, Partial<CreateAutoScalingGroupCommandInput>, string]>([
    ["a name that is taken", { AutoScalingGroupName: group }, "AlreadyExistsFault"],
    ["a colon in its name", { AutoScalingGroupName: "a:b" }, "ValidationError"],
    ["no launch template", { LaunchTemplate: undefined }, "ValidationError"],
    ["an unknown launch template", { LaunchTemplate: { LaunchTemplateName: "other" } }, "ValidationError"],
    ["an unknown version", { LaunchTemplate: { LaunchTemplateName: "web", Version: "7" } }, "ValidationError"],
    ["no zone", { VPCZoneIdentifier: undefined }, "ValidationError"],
    ["a minimum above its maximum", { MinSize: 3 }, "ValidationError"],
    ["a desired capacity above its maximum", { DesiredCapacity: 3 }, "ValidationError"],
    ["a lifetime of instances below a day", { MaxInstanceLifetime: 3600 }, "ValidationError"],
  ])("refuses %s", async (_, change, name) => {
    await expect(create(change).sent).rejects.toMatchObject({ name });
  });
});

describe("DeleteAutoScalingGroup", () => {
  it("refuses a group with instances, and by force terminates them, protected or not", async () => {
    const scaling = createScaling({ desired: 1, protectNewInstances: true });
    await scaling.clock.advance(settle);
    const remove = (ForceDelete?: boolean) =>
      scaling.client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: group, ForceDelete }));

    await expect(remove()).rejects.toMatchObject({ name: "ResourceInUseFault" });
    await remove(true);
    const during = await scaling.describe();
    await scaling.clock.advance(settle);

    expect(during?.Status).toBe("Delete in progress");
    expect(await scaling.describe()).toBeUndefined();
    expect(scaling.compute.instances().map(({ state }) => state)).toEqual(["terminated"]);
  });
});

describe("a group with the name of one that was deleted", () => {
  it("has nothing to do with it", async () => {
    const { groups, clock, active } = createScaling();

    groups.deleteGroup(group);
    groups.createGroup(group, { desired: 1 });
    await clock.advance(settle);

    expect(active()).toHaveLength(1);
  });
});

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
  });
});

describe("scheduled actions", () => {
  const evening = {
    AutoScalingGroupName: group,
    ScheduledActionName: "evening",
    Recurrence: "0 19 * * MON-FRI",
    TimeZone: "Australia/Sydney",
    DesiredCapacity: 0,
  };

  it("are stored, shown and deleted", async () => {
    const { client } = createScaling();
    const list = () => client.send(new DescribeScheduledActionsCommand({ AutoScalingGroupName: group }));
    await client.send(new PutScheduledUpdateGroupActionCommand(evening));

    const stored = await list();
    const remove = new DeleteScheduledActionCommand({ AutoScalingGroupName: group, ScheduledActionName: "evening" });
    await client.send(remove);

    expect(stored.ScheduledUpdateGroupActions).toMatchObject([evening]);
    expect((await list()).ScheduledUpdateGroupActions).toEqual([]);
    await expect(client.send(remove)).rejects.toMatchObject({ name: "ValidationError" });
  });

  it("when they are run take the instances, but for those that are protected", async () => {
    const { client, groups, clock, active } = createScaling({ desired: 1 });
    await client.send(new PutScheduledUpdateGroupActionCommand(evening));
    await clock.advance(settle);

    groups.runScheduledAction("evening");
    await clock.advance(settle);
    expect(active()).toEqual([]);
    groups.deleteGroup(group);
    await clock.advance(settle);
    groups.createGroup(group, { desired: 1, protectNewInstances: true });
    await client.send(new PutScheduledUpdateGroupActionCommand(evening));
    await clock.advance(settle);
    groups.runScheduledAction("evening", group);
    await clock.advance(settle);

    expect(active()).toHaveLength(1);
    expect(groups.group(group)?.desired).toBe(0);
  });

  it.each<[string, Partial<PutScheduledUpdateGroupActionCommandInput>]>([
    ["six fields", { Recurrence: "0 19 * * ? *" }],
    ["an unknown time zone", { TimeZone: "Mars/Olympus" }],
    ["nothing to do", { DesiredCapacity: undefined }],
    ["a start in the past", { StartTime: new Date(start - 1000) }],
    ["no time at all", { Recurrence: undefined }],
  ])("are refused with %s", async (_, change) => {
    const { client } = createScaling();

    const put = client.send(new PutScheduledUpdateGroupActionCommand({ ...evening, ...change }));

    await expect(put).rejects.toMatchObject({ name: "ValidationError" });
  });
});
