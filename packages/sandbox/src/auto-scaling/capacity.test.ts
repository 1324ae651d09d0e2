import { SetDesiredCapacityCommand, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { setDesired, withInstances } from "./testing/capacity-calls.ts";
import { createScaling, group, settle } from "./testing/scaling-fixture.ts";

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
