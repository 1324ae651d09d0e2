import { TerminateInstanceInAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { protect, setDesired, terminate, withInstances } from "./testing/capacity-calls.ts";
import { createScaling, group, settle } from "./testing/scaling-fixture.ts";

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
