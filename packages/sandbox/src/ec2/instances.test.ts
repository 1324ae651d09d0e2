import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  ModifyLaunchTemplateCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { scalingGroups } from "../auto-scaling/scaling-groups.ts";
import { createScaling, group, settle } from "../auto-scaling/testing/scaling-fixture.ts";
import { virtualClock } from "../core/clock.ts";
import { createWorld } from "../core/world.ts";
import { createInstanceSource } from "./describe-instance.ts";
import { ec2Compute } from "./ec2-compute.ts";

const unknown = "i-0123456789abcdef0";

/** Instances that the group does not look after, so that only EC2 acts. */
async function withInstances(count: number, options: Parameters<typeof createScaling>[0] = {}) {
  const scaling = createScaling({ max: Math.max(count, 1), desired: count, ...options });
  await scaling.clock.advance(settle);
  scaling.groups.suspend(group, ["HealthCheck", "Launch", "Terminate"]);
  const ids = scaling.active();
  const [first = ""] = ids;
  const list = async (input: DescribeInstancesCommandInput = {}) => {
    const { Reservations, NextToken } = await scaling.ec2.send(new DescribeInstancesCommand(input));
    return { instances: Reservations?.flatMap(({ Instances }) => Instances ?? []) ?? [], NextToken };
  };
  const stateOf = async (id: string) => (await list({ InstanceIds: [id] })).instances[0]?.State?.Name;
  return { ...scaling, ids, first, list, stateOf };
}

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

describe("the end of an instance", () => {
  it("is shutting down, then terminated for an hour, then unknown", async () => {
    const { ec2, first, clock, stateOf } = await withInstances(1);

    const { TerminatingInstances } = await ec2.send(new TerminateInstancesCommand({ InstanceIds: [first] }));
    expect(TerminatingInstances).toMatchObject([
      { InstanceId: first, PreviousState: { Name: "running" }, CurrentState: { Name: "shutting-down" } },
    ]);
    await clock.advance(30_000);
    expect(await stateOf(first)).toBe("terminated");
    await clock.advance(3_599_000);
    expect(await stateOf(first)).toBe("terminated");
    await clock.advance(1_000);

    await expect(stateOf(first)).rejects.toMatchObject({ name: "InvalidInstanceID.NotFound" });
  });

  it("can be repeated, and takes all or none of the named ones", async () => {
    const { ec2, first, stateOf, clock } = await withInstances(1);
    const end = (InstanceIds: string[]) => ec2.send(new TerminateInstancesCommand({ InstanceIds }));

    await expect(end([first, unknown])).rejects.toMatchObject({ name: "InvalidInstanceID.NotFound" });
    expect(await stateOf(first)).toBe("running");
    await end([first]);
    await clock.advance(20_000);
    await end([first]);
    await clock.advance(10_000);

    expect(await stateOf(first)).toBe("terminated");
  });

  it("can be a stop, from which it can be started again", async () => {
    const { ec2, first, stateOf, clock } = await withInstances(1);

    await ec2.send(new StopInstancesCommand({ InstanceIds: [first] }));
    expect(await stateOf(first)).toBe("stopping");
    await clock.advance(20_000);
    expect(await stateOf(first)).toBe("stopped");
    await ec2.send(new StartInstancesCommand({ InstanceIds: [first] }));
    expect(await stateOf(first)).toBe("pending");
    await clock.advance(20_000);

    expect(await stateOf(first)).toBe("running");
  });

  it("overtakes a start: what was due before is not done later", async () => {
    const { ec2, first, stateOf, clock, compute } = await withInstances(1);
    const InstanceIds = [first];
    compute.timings({ bootMs: 30_000, stopMs: 5_000 });
    await ec2.send(new StopInstancesCommand({ InstanceIds }));
    await clock.advance(5_000);
    await ec2.send(new StartInstancesCommand({ InstanceIds }));
    await clock.advance(10_000);
    await ec2.send(new StopInstancesCommand({ InstanceIds }));
    await clock.advance(5_000);
    await ec2.send(new StartInstancesCommand({ InstanceIds }));

    // The first start would have been over by now.
    await clock.advance(20_000);
    expect(await stateOf(first)).toBe("pending");
    await clock.advance(10_000);

    expect(await stateOf(first)).toBe("running");
  });

  it.each([
    ["stop", "stopping"],
    ["terminate", "shutting-down"],
  ] as const)("by the operating system's shutdown is what its template says: %s", async (shutdownBehavior, state) => {
    const { compute, groups, clock } = createScaling();
    compute.createLaunchTemplate("ends", { shutdownBehavior });
    groups.createGroup("other", { desired: 1, launchTemplate: "ends" });
    await clock.advance(settle);
    const [{ instanceId = "" } = {}] = compute.instances();

    compute.shutDownFromInside(instanceId);

    expect(compute.instances()[0]?.state).toBe(state);
  });

  it("by loss of the hardware is noticed late", async () => {
    const { compute, ec2, first, stateOf, clock } = await withInstances(1);

    compute.interrupt(first);
    const { InstanceStatuses } = await ec2.send(new DescribeInstanceStatusCommand({}));
    expect(InstanceStatuses).toMatchObject([
      { InstanceId: first, InstanceState: { Name: "running" }, SystemStatus: { Status: "impaired" } },
    ]);
    await clock.advance(60_000);
    expect(await stateOf(first)).toBe("shutting-down");
    await clock.advance(30_000);

    expect(await stateOf(first)).toBe("terminated");
  });
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

describe("what plays the inside of instances", () => {
  it("hears of boots and of ends, with what the instance knows of itself", async () => {
    const { compute, clock, groups } = createScaling({ tags: { "windlass:deployment": "d-1" } });
    const heard: string[] = [];
    const stop = compute.onInstance({
      booted: ({ tags }) => heard.push(`booted with ${tags?.["windlass:deployment"]}`),
      terminating: (_, { abrupt }) => heard.push(abrupt ? "lost" : "shutting down"),
    });

    groups.setDesiredCapacity(group, 1);
    await clock.advance(settle);
    compute.interrupt(groups.group(group)?.instances[0]?.id ?? "");
    await clock.advance(2 * settle);
    groups.setDesiredCapacity(group, 0);
    await clock.advance(settle);
    stop();
    groups.setDesiredCapacity(group, 1);
    await clock.advance(settle);

    expect(heard).toEqual(["booted with d-1", "lost", "booted with d-1", "shutting down"]);
  });

  it("hears of an operating system's shutdown once", async () => {
    const { compute, clock, groups } = createScaling({ desired: 1 });
    const ended: string[] = [];
    compute.onInstance({ terminating: ({ instanceId }) => ended.push(instanceId) });
    await clock.advance(settle);
    const id = groups.group(group)?.instances[0]?.id ?? "";

    compute.shutDownFromInside(id);
    await clock.advance(settle);

    expect(ended).toEqual([id]);
  });
});

describe("an instance's description of itself", () => {
  it("is there while the instance is, in whatever account and region", async () => {
    const clock = virtualClock(0);
    const world = createWorld(1);
    const place = { world, clock, account: "333333333333", region: "us-east-1" };
    const source = createInstanceSource(world);
    scalingGroups(place).createGroup("far", { desired: 1 });
    await clock.advance(settle);
    const [{ instanceId = "" } = {}] = ec2Compute(place).instances();

    expect(source.describeInstance(instanceId)).toMatchObject({
      instanceId,
      account: "333333333333",
      region: "us-east-1",
    });
    expect(source.describeInstance(unknown)).toBeNull();
    ec2Compute(place).interrupt(instanceId);

    expect(source.describeInstance(instanceId)).toBeNull();
  });
});

describe("launch templates", () => {
  it("have versions, of which one is the default", async () => {
    const { ec2 } = createScaling();
    const LaunchTemplateName = "web";
    const { LaunchTemplate } = await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName,
        LaunchTemplateData: {
          ImageId: "ami-1",
          InstanceInitiatedShutdownBehavior: "terminate",
          IamInstanceProfile: { Name: "web-role" },
          MetadataOptions: { InstanceMetadataTags: "enabled" },
          TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "a", Value: "b" }] }],
        },
      }),
    );
    const { LaunchTemplateVersion } = await ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateName,
        SourceVersion: "1",
        LaunchTemplateData: { ImageId: "ami-2" },
      }),
    );
    await ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateName, DefaultVersion: "2" }));

    expect(LaunchTemplate).toMatchObject({ LaunchTemplateName, DefaultVersionNumber: 1, LatestVersionNumber: 1 });
    expect(LaunchTemplateVersion?.VersionNumber).toBe(2);
    const { LaunchTemplateVersions } = await ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName, Versions: ["$Default", "1"] }),
    );
    expect(LaunchTemplateVersions).toMatchObject([
      {
        VersionNumber: 2,
        DefaultVersion: true,
        LaunchTemplateData: {
          ImageId: "ami-2",
          InstanceInitiatedShutdownBehavior: "terminate",
          IamInstanceProfile: { Name: "web-role" },
          MetadataOptions: { InstanceMetadataTags: "enabled" },
          TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "a", Value: "b" }] }],
        },
      },
      { VersionNumber: 1, DefaultVersion: false, LaunchTemplateData: { ImageId: "ami-1" } },
    ]);
  });

  it("give their tags to instances, over which a group's tag wins", async () => {
    const { compute, groups, clock } = createScaling();
    compute.createLaunchTemplate("tagged", { tags: { a: "template", b: "template" }, profile: "web-role" });
    groups.createGroup("other", { desired: 1, launchTemplate: "tagged", tags: { a: "group" } });

    await clock.advance(settle);

    expect(compute.instances()[0]).toMatchObject({
      allTags: { a: "group", b: "template" },
      tags: null,
      role: "web-role",
    });
  });

  it("are unique by name, and unknown where they are not there", async () => {
    const { ec2 } = createScaling();
    const create = (LaunchTemplateName: string) =>
      ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: {} }));
    await create("mine");
    const again = create("mine");
    const malformed = create("my template");
    const missing = ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ["other"] }));

    await expect(again).rejects.toMatchObject({ name: "InvalidLaunchTemplateName.AlreadyExistsException" });
    await expect(malformed).rejects.toMatchObject({ name: "InvalidLaunchTemplateName.MalformedException" });
    await expect(missing).rejects.toMatchObject({ name: "InvalidLaunchTemplateName.NotFoundException" });
  });
});
