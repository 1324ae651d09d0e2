import {
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  DeleteAutoScalingGroupCommand,
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
