import { CreateAutoScalingGroupCommand, ResumeProcessesCommand } from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { createScaling, group, settle } from "./testing/scaling-fixture.ts";

const hour = 3_600_000;

describe("a launch that fails", () => {
  it("shows only in an activity, with EC2's sentence and without its code", async () => {
    const { groups, clock, activities, client, describe: describeGroup } = createScaling();
    groups.failLaunches({ code: "InsufficientInstanceCapacity" });

    groups.setDesiredCapacity(group, 1);
    await clock.advance(3_000);

    const [failed] = await activities();
    expect(failed).toMatchObject({ StatusCode: "Failed", Progress: 100, Description: "Launching a new EC2 instance" });
    expect(failed?.StatusMessage).toMatch(
      /^We currently do not have sufficient t3\.small capacity in the Availability Zone you requested \(ap-southeast-2a\)\..* Launching EC2 instance failed\.$/,
    );
    expect(failed?.StatusMessage).not.toContain("InsufficientInstanceCapacity");
    expect(await describeGroup()).toMatchObject({ DesiredCapacity: 1, Instances: [] });
    client.destroy();
  });

  it("names EC2's code in a group with a mixed instances policy", async () => {
    const { groups, clock, activities } = createScaling({ mixed: true });
    groups.failLaunches({ code: "VcpuLimitExceeded", message: "No more of it" });

    groups.setDesiredCapacity(group, 1);
    await clock.advance(3_000);

    const [failed] = await activities();
    expect(failed?.StatusMessage).toBe(
      "Could not launch On-Demand Instances. VcpuLimitExceeded - No more of it. Launching EC2 instance failed.",
    );
  });

  it("is tried again after growing gaps until one succeeds", async () => {
    const { groups, clock, activities, active } = createScaling();
    groups.failLaunches({ code: "InsufficientInstanceCapacity", times: 4 });

    groups.setDesiredCapacity(group, 1);
    await clock.advance(10 * 60_000);

    const starts = (await activities()).map(({ StartTime }) => StartTime?.getTime() ?? 0).reverse();
    const gaps = starts.slice(1).map((at, index) => (at - (starts[index] ?? 0)) / 1000);
    expect(gaps).toEqual([15, 30, 60, 120]);
    expect(active()).toHaveLength(1);
  });

  it("is not tried again once the capacity is no longer wanted", async () => {
    const { groups, clock, activities } = createScaling();
    groups.failLaunches({ code: "InsufficientInstanceCapacity", times: Number.POSITIVE_INFINITY });
    groups.setDesiredCapacity(group, 1);
    await clock.advance(30_000);
    const before = (await activities()).length;

    groups.setDesiredCapacity(group, 0);
    await clock.advance(hour);

    expect(before).toBeGreaterThan(0);
    expect(await activities()).toHaveLength(before);
  });

  it("for a day long has the launching suspended, until somebody resumes it", async () => {
    const { groups, clock, client, active } = createScaling();
    groups.failLaunches({ code: "InsufficientInstanceCapacity", times: Number.POSITIVE_INFINITY });
    groups.setDesiredCapacity(group, 1);

    await clock.advance(25 * hour);
    expect(groups.group(group)?.suspendedProcesses).toEqual(["Launch"]);
    groups.healLaunches();
    await clock.advance(hour);
    expect(active()).toEqual([]);
    await client.send(new ResumeProcessesCommand({ AutoScalingGroupName: group, ScalingProcesses: ["Launch"] }));
    await clock.advance(settle);

    expect(active()).toHaveLength(1);
  });

  it("comes of a tag key that instance metadata can not show", async () => {
    const { groups, clock, activities } = createScaling({ tags: { "team/name": "dga" } });

    groups.setDesiredCapacity(group, 1);
    await clock.advance(3_000);

    const [failed] = await activities();
    expect(failed?.StatusMessage).toBe(
      "'team/name' is not a valid tag key. Tag keys must match pattern ([0-9a-zA-Z\\-_+=,.@:]{1,255}), and must not be a reserved name ('.', '..', '_index'). Launching EC2 instance failed.",
    );
  });

  it("does not come of such a key where metadata shows no tags", async () => {
    const { compute, client, clock, groups } = createScaling();
    compute.createLaunchTemplate("plain");
    await client.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: "plain",
        MinSize: 1,
        MaxSize: 1,
        AvailabilityZones: ["ap-southeast-2a"],
        LaunchTemplate: { LaunchTemplateName: "plain" },
        Tags: [{ Key: "team/name", Value: "dga", PropagateAtLaunch: true }],
      }),
    );

    await clock.advance(settle);

    expect(groups.group("plain")?.instances).toMatchObject([{ lifecycle: "InService" }]);
  });
});
