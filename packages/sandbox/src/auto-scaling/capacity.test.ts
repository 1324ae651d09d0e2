import {
  CreateOrUpdateTagsCommand,
  SetDesiredCapacityCommand,
  SetInstanceProtectionCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand, DescribeTagsCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { createScaling, group, settle } from "./testing/scaling-fixture.ts";

type Scaling = ReturnType<typeof createScaling>;

function setDesired({ client }: Scaling, DesiredCapacity: number, HonorCooldown?: boolean) {
  return client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: group, DesiredCapacity, HonorCooldown }));
}

function terminate({ client }: Scaling, InstanceId: string, ShouldDecrementDesiredCapacity: boolean) {
  return client.send(new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity }));
}

function protect({ client }: Scaling, InstanceIds: string[], ProtectedFromScaleIn = true) {
  return client.send(
    new SetInstanceProtectionCommand({ AutoScalingGroupName: group, InstanceIds, ProtectedFromScaleIn }),
  );
}

/** A group with that many instances in service. */
async function withInstances(count: number, options: Parameters<typeof createScaling>[0] = {}) {
  const scaling = createScaling({ max: Math.max(1, count), desired: count, ...options });
  await scaling.clock.advance(settle);
  const [first = ""] = scaling.active();
  return { ...scaling, first };
}

describe("SetDesiredCapacity", () => {
  it("launches an instance that is pending first, and in service when it has booted", async () => {
    const scaling = createScaling();
    const seen = async () => (await scaling.describe())?.Instances?.map(({ LifecycleState }) => LifecycleState);

    await setDesired(scaling, 1);
    expect(await seen()).toEqual([]);
    await scaling.clock.advance(2_000);
    expect(await seen()).toEqual(["Pending"]);
    await scaling.clock.advance(20_000);

    expect(await seen()).toEqual(["InService"]);
    const { Reservations } = await scaling.ec2.send(new DescribeInstancesCommand({}));
    expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({
      InstanceId: scaling.active()[0],
      State: { Name: "running" },
    });
  });

  it.each([
    [2, "New SetDesiredCapacity value 2 is above max value 1 for the AutoScalingGroup."],
    [-1, "New SetDesiredCapacity value -1 is below min value 0 for the AutoScalingGroup."],
  ])("refuses %i outside of minimum and maximum", async (desired, message) => {
    const scaling = createScaling();

    await expect(setDesired(scaling, desired)).rejects.toMatchObject({ name: "ValidationError", message });

    expect(scaling.groups.group(group)?.desired).toBe(0);
  });

  it("changes nothing when it is repeated", async () => {
    const scaling = await withInstances(1);

    await setDesired(scaling, 1);
    await scaling.clock.advance(settle);

    expect(scaling.active()).toEqual([scaling.first]);
  });

  it("terminates down to zero, and the group is empty when EC2 is done", async () => {
    const scaling = await withInstances(1);
    const seen = async () => (await scaling.describe())?.Instances?.map(({ LifecycleState }) => LifecycleState);

    await setDesired(scaling, 0);
    await scaling.clock.advance(2_000);
    expect(await seen()).toEqual(["Terminating"]);
    await scaling.clock.advance(30_000);

    expect(await seen()).toEqual([]);
  });

  it("lets an instance boot that is no longer wanted, and terminates it then", async () => {
    const scaling = createScaling({ desired: 1 });
    const booted: string[] = [];
    scaling.compute.onInstance({ booted: ({ instanceId }) => booted.push(instanceId) });
    await scaling.clock.advance(2_000);

    await setDesired(scaling, 0);
    await scaling.clock.advance(settle);

    expect(booted).toHaveLength(1);
    expect(scaling.groups.group(group)?.instances).toEqual([]);
  });

  it("honours the cooldown only when it is asked to", async () => {
    const scaling = await withInstances(1, { max: 3, cooldownSeconds: 300 });

    await expect(setDesired(scaling, 2, true)).rejects.toMatchObject({ name: "ScalingActivityInProgressFault" });
    await setDesired(scaling, 2);
    await scaling.clock.advance(settle);
    expect(scaling.active()).toHaveLength(2);
    await scaling.clock.advance(300_000);
    await setDesired(scaling, 3, true);

    expect(scaling.groups.group(group)?.desired).toBe(3);
  });

  it("knows no group of another name", async () => {
    const scaling = createScaling();
    const command = new SetDesiredCapacityCommand({ AutoScalingGroupName: "other", DesiredCapacity: 1 });

    await expect(scaling.client.send(command)).rejects.toMatchObject({
      name: "ValidationError",
      message: "AutoScalingGroup name not found - AutoScalingGroup other not found",
    });
  });
});

describe("scale-in protection", () => {
  it("keeps an instance above the desired capacity, until it is taken off", async () => {
    const scaling = await withInstances(1);
    await protect(scaling, [scaling.first]);

    await setDesired(scaling, 0);
    await scaling.clock.advance(3_600_000);
    expect(scaling.groups.group(group)).toMatchObject({ desired: 0, instances: [{ lifecycle: "InService" }] });
    await protect(scaling, [scaling.first], false);
    await scaling.clock.advance(settle);

    expect(scaling.groups.group(group)?.instances).toEqual([]);
  });

  it("makes scale-in take another instance", async () => {
    const scaling = await withInstances(2);
    await protect(scaling, [scaling.first]);

    await setDesired(scaling, 1);
    await scaling.clock.advance(settle);

    expect(scaling.active()).toEqual([scaling.first]);
  });

  it("can come with the launch", async () => {
    const scaling = await withInstances(1, { protectNewInstances: true });

    expect((await scaling.describe())?.Instances?.[0]?.ProtectedFromScaleIn).toBe(true);
  });

  it("is refused for an instance that is not in service, and for a stranger", async () => {
    const scaling = createScaling({ desired: 1 });
    await scaling.clock.advance(2_000);
    const [pending = ""] = scaling.active();

    await expect(protect(scaling, [pending])).rejects.toMatchObject({
      name: "ValidationError",
      message: `The instance ${pending} is not in InService or EnteringStandby or Standby.`,
    });
    await expect(protect(scaling, ["i-00000000000000000"])).rejects.toMatchObject({ name: "ValidationError" });
  });
});

describe("TerminateInstanceInAutoScalingGroup", () => {
  it("takes the instance out for good with a decrement, protected or not", async () => {
    const scaling = await withInstances(1);
    await protect(scaling, [scaling.first]);

    const { Activity } = await terminate(scaling, scaling.first, true);
    await scaling.clock.advance(settle);

    expect(Activity).toMatchObject({
      StatusCode: "InProgress",
      Description: `Terminating EC2 instance: ${scaling.first}`,
      Cause: expect.stringContaining("in response to a user request, shrinking the capacity from 1 to 0."),
    });
    expect(scaling.groups.group(group)).toMatchObject({ desired: 0, instances: [] });
  });

  it("has the instance replaced without a decrement, even before it is gone", async () => {
    const scaling = await withInstances(1);

    await terminate(scaling, scaling.first, false);
    await scaling.clock.advance(2_000);
    const during = scaling.groups.group(group)?.instances.map(({ lifecycle }) => lifecycle);
    await scaling.clock.advance(settle);

    expect(during).toEqual(["Terminating", "Pending"]);
    expect(scaling.active()).toHaveLength(1);
    expect(scaling.active()).not.toContain(scaling.first);
  });

  it("refuses a decrement below the minimum, in AWS's words, and does nothing", async () => {
    const scaling = await withInstances(1);
    await protect(scaling, [scaling.first]);
    await setDesired(scaling, 0);
    await scaling.clock.advance(2_000);

    await expect(terminate(scaling, scaling.first, true)).rejects.toMatchObject({
      name: "ValidationError",
      message:
        "Currently, desiredSize equals minSize (0). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.",
    });
    expect(scaling.active()).toEqual([scaling.first]);
    await terminate(scaling, scaling.first, false);
    await scaling.clock.advance(settle);

    expect(scaling.groups.group(group)).toMatchObject({ desired: 0, instances: [] });
  });

  it("does not decrement twice for one instance", async () => {
    const scaling = await withInstances(2);
    await terminate(scaling, scaling.first, true);

    await expect(terminate(scaling, scaling.first, true)).rejects.toMatchObject({
      name: "ScalingActivityInProgressFault",
    });

    expect(scaling.groups.group(group)?.desired).toBe(1);
  });

  it("knows no instance that is gone, or that never was a member", async () => {
    const scaling = await withInstances(1);
    await terminate(scaling, scaling.first, true);
    await scaling.clock.advance(settle);

    for (const id of [scaling.first, "i-00000000000000000"]) {
      await expect(terminate(scaling, id, true)).rejects.toMatchObject({
        name: "ValidationError",
        message: `Instance Id not found - No managed instance found for instance ID: ${id}`,
      });
    }
  });

  it("needs both parameters", async () => {
    const scaling = await withInstances(1);
    const half = new TerminateInstanceInAutoScalingGroupCommand({
      InstanceId: scaling.first,
      ShouldDecrementDesiredCapacity: undefined,
    });

    await expect(scaling.client.send(half)).rejects.toMatchObject({ name: "ValidationError" });
  });
});

describe("UpdateAutoScalingGroup", () => {
  it.each([
    [
      { MinSize: 2, MaxSize: 3 },
      { min: 2, max: 3, desired: 2 },
    ],
    [{ MaxSize: 0 }, { min: 0, max: 0, desired: 0 }],
    [
      { MaxSize: 5, DesiredCapacity: 4 },
      { min: 0, max: 5, desired: 4 },
    ],
  ])("moves the desired capacity between new limits: %j", async (change, expected) => {
    const scaling = await withInstances(1);

    await scaling.client.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: group, ...change }));

    expect(scaling.groups.group(group)).toMatchObject(expected);
  });

  it.each([
    [{ DesiredCapacity: 2 }, "Desired capacity:2 must be between the specified min size:0 and max size:1"],
    [{ MinSize: 2, MaxSize: 1 }, "Max bound, 1 must be greater than or equal to min bound, 2"],
  ])("refuses %j", async (change, message) => {
    const { client } = createScaling();
    const update = client.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: group, ...change }));

    await expect(update).rejects.toMatchObject({ name: "ValidationError", message });
  });
});

describe("tags of a group", () => {
  const tag = (Key: string, Value: string, PropagateAtLaunch = true) => ({
    ResourceId: group,
    ResourceType: "auto-scaling-group",
    Key,
    Value,
    PropagateAtLaunch,
  });

  it("reach instances that are launched later, and no others", async () => {
    const scaling = await withInstances(1, { max: 2, tags: { "windlass:deployment": "d-1" } });
    const valueOn = async (id: string | undefined) => {
      const Filters = [
        { Name: "resource-id", Values: [id ?? ""] },
        { Name: "key", Values: ["windlass:deployment"] },
      ];
      return (await scaling.ec2.send(new DescribeTagsCommand({ Filters }))).Tags?.[0]?.Value;
    };

    await scaling.client.send(
      new CreateOrUpdateTagsCommand({ Tags: [tag("windlass:deployment", "d-2"), tag("private", "x", false)] }),
    );
    await setDesired(scaling, 2);
    await scaling.clock.advance(settle);

    const [old, fresh] = scaling.active();
    expect([await valueOn(old), await valueOn(fresh)]).toEqual(["d-1", "d-2"]);
    const instance = scaling.compute.instances().find(({ instanceId }) => instanceId === fresh);
    expect(Object.keys(instance?.allTags ?? {}).sort()).toEqual([
      "aws:autoscaling:groupName",
      "aws:ec2launchtemplate:id",
      "aws:ec2launchtemplate:version",
      "windlass:deployment",
    ]);
  });

  it("are 50 at most, with keys of 128 and values of 256 characters, and never AWS's own", async () => {
    const { client, groups } = createScaling();
    const put = (Tags: ReturnType<typeof tag>[]) => client.send(new CreateOrUpdateTagsCommand({ Tags }));
    const many = Array.from({ length: 51 }, (_, index) => tag(`t${index}`, "x"));

    await expect(put(many)).rejects.toMatchObject({ name: "LimitExceededFault" });
    await expect(put([tag("k".repeat(129), "x")])).rejects.toMatchObject({ name: "ValidationError" });
    await expect(put([tag("k", "x".repeat(257))])).rejects.toMatchObject({ name: "ValidationError" });
    await expect(put([tag("aws:own", "x")])).rejects.toMatchObject({ name: "ValidationError" });
    await expect(put([{ ...tag("k", "x"), ResourceId: "other" }])).rejects.toMatchObject({ name: "ValidationError" });
    expect(groups.group(group)?.tags).toEqual({});
  });
});
