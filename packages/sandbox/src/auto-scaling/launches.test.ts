import {
  CreateAutoScalingGroupCommand,
  ResumeProcessesCommand,
  SetInstanceHealthCommand,
  SuspendProcessesCommand,
} from "@aws-sdk/client-auto-scaling";
import { StopInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
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

describe("an instance that goes by itself", () => {
  async function inService(options: Parameters<typeof createScaling>[0] = {}) {
    const scaling = createScaling({ desired: 1, ...options });
    await scaling.clock.advance(settle);
    const [first = ""] = scaling.active();
    return { ...scaling, first };
  }

  it("is replaced while the group wants it: by default it stops, and the group terminates it", async () => {
    const { compute, clock, active, first, activities } = await inService();

    compute.shutDownFromInside(first);
    await clock.advance(settle);

    expect(active()).toHaveLength(1);
    expect(active()).not.toContain(first);
    expect(compute.instances().find(({ instanceId }) => instanceId === first)?.state).toBe("terminated");
    expect((await activities()).map(({ Cause }) => Cause)).toContainEqual(
      expect.stringContaining("in response to an EC2 health check indicating it has been terminated or stopped."),
    );
  });

  it("is not replaced when nothing is desired any more", async () => {
    const { compute, clock, groups, first } = await inService();

    groups.setDesiredCapacity(group, 0);
    compute.shutDownFromInside(first);
    await clock.advance(settle);

    expect(groups.group(group)?.instances).toEqual([]);
  });

  it.each([
    ["is terminated by its template's shutdown behaviour", "shutdown"],
    ["is terminated through EC2", "terminate"],
    ["is stopped through EC2", "stop"],
    ["loses its hardware", "interrupt"],
    ["is forgotten by EC2", "forget"],
    ["is said to be unhealthy", "health"],
  ])("is replaced when it %s", async (_, how) => {
    const scaling = createScaling();
    scaling.compute.createLaunchTemplate("ends", { shutdownBehavior: "terminate" });
    scaling.groups.createGroup("other", { desired: 1, launchTemplate: "ends" });
    await scaling.clock.advance(settle);
    const id = scaling.groups.group("other")?.instances[0]?.id ?? "";

    if (how === "shutdown") scaling.compute.shutDownFromInside(id);
    if (how === "terminate") await scaling.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    if (how === "stop") await scaling.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    if (how === "interrupt") scaling.compute.interrupt(id);
    if (how === "forget") scaling.compute.forget(id);
    if (how === "health")
      await scaling.client.send(new SetInstanceHealthCommand({ InstanceId: id, HealthStatus: "Unhealthy" }));
    await scaling.clock.advance(2 * settle);

    const instances = scaling.groups.group("other")?.instances ?? [];
    expect(instances).toMatchObject([{ lifecycle: "InService", healthy: true }]);
    expect(instances[0]?.id).not.toBe(id);
  });

  it("is replaced although it is protected from scale-in", async () => {
    const { compute, clock, active, first } = await inService({ protectNewInstances: true });

    compute.shutDownFromInside(first);
    await clock.advance(settle);

    expect(active()).not.toContain(first);
  });

  it("keeps its grace against somebody's word, unless that one insists", async () => {
    const { client, clock, active, first } = await inService({ graceSeconds: 600 });
    const unhealthy = { InstanceId: first, HealthStatus: "Unhealthy" };

    await client.send(new SetInstanceHealthCommand(unhealthy));
    await clock.advance(settle);
    expect(active()).toEqual([first]);
    await client.send(new SetInstanceHealthCommand({ ...unhealthy, ShouldRespectGracePeriod: false }));
    await clock.advance(settle);

    expect(active()).not.toContain(first);
  });
});

describe("suspended processes", () => {
  async function suspended(process: string) {
    const scaling = createScaling({ max: 2, desired: 1 });
    await scaling.clock.advance(settle);
    await scaling.client.send(
      new SuspendProcessesCommand({ AutoScalingGroupName: group, ScalingProcesses: [process] }),
    );
    const [first = ""] = scaling.active();
    const resume = () =>
      scaling.client.send(new ResumeProcessesCommand({ AutoScalingGroupName: group, ScalingProcesses: [process] }));
    return { ...scaling, first, resume };
  }

  it("are shown with who suspended them", async () => {
    const { describe: describeGroup } = await suspended("Launch");

    expect((await describeGroup())?.SuspendedProcesses).toMatchObject([
      { ProcessName: "Launch", SuspensionReason: expect.stringContaining("User suspended at 2026-11-24") },
    ]);
  });

  it("launch nothing without Launch, and all of it once it is resumed", async () => {
    const { groups, clock, active, resume } = await suspended("Launch");

    groups.setDesiredCapacity(group, 2);
    await clock.advance(hour);
    expect(active()).toHaveLength(1);
    await resume();
    await clock.advance(settle);

    expect(active()).toHaveLength(2);
  });

  it("terminate nothing without Terminate", async () => {
    const { groups, clock, active, first, resume } = await suspended("Terminate");

    groups.setDesiredCapacity(group, 0);
    await clock.advance(hour);
    expect(active()).toEqual([first]);
    await resume();
    await clock.advance(settle);

    expect(groups.group(group)?.instances).toEqual([]);
  });

  it.each(["ReplaceUnhealthy", "HealthCheck"])("replace nothing without %s", async (process) => {
    const { compute, clock, active, first, resume } = await suspended(process);

    compute.shutDownFromInside(first);
    await clock.advance(hour);
    expect(active()).toEqual([first]);
    await resume();
    await clock.advance(settle);

    expect(active()).toHaveLength(1);
    expect(active()).not.toContain(first);
  });

  it("terminate what is unhealthy without Launch, and do not replace it", async () => {
    const { compute, clock, groups, first } = await suspended("Launch");

    compute.shutDownFromInside(first);
    await clock.advance(hour);

    expect(groups.group(group)).toMatchObject({ desired: 1, instances: [] });
  });

  it("are all of them when none is named", async () => {
    const { client, groups } = createScaling();

    await client.send(new SuspendProcessesCommand({ AutoScalingGroupName: group }));

    expect(groups.group(group)?.suspendedProcesses).toHaveLength(9);
    const unknown = new SuspendProcessesCommand({ AutoScalingGroupName: group, ScalingProcesses: ["Sleep"] });
    await expect(client.send(unknown)).rejects.toMatchObject({ name: "ValidationError" });
  });
});

describe("rebalancing", () => {
  it("runs one more than the maximum for a while, then takes the old instance", async () => {
    const { groups, clock, active } = createScaling({ max: 1, desired: 1, availabilityZones: ["za", "zb"] });
    await clock.advance(settle);
    const [old = ""] = active();

    expect(groups.rebalance(group)).toBe(true);
    await clock.advance(3_000);
    const during = groups.group(group)?.instances.map(({ availabilityZone }) => availabilityZone);
    await clock.advance(settle);

    expect(during).toEqual(["za", "zb"]);
    expect(active()).toHaveLength(1);
    expect(active()).not.toContain(old);
  });

  it("keeps both while the old one is protected", async () => {
    const { groups, clock, active } = createScaling({ max: 1, desired: 1, protectNewInstances: true });
    await clock.advance(settle);

    groups.rebalance(group);
    await clock.advance(hour);

    expect(active()).toHaveLength(2);
    groups.setDesiredCapacity(group, 0);
    await clock.advance(settle);
    expect(active()).toHaveLength(2);
  });

  it.each(["AZRebalance", "Launch"])("does nothing without %s", async (process) => {
    const { groups, clock, active } = createScaling({ desired: 1 });
    await clock.advance(settle);
    groups.suspend(group, [process]);

    expect(groups.rebalance(group)).toBe(false);
    await clock.advance(settle);

    expect(active()).toHaveLength(1);
  });
});
