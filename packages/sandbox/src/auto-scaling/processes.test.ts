import { ResumeProcessesCommand, SuspendProcessesCommand } from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { createScaling, group, settle } from "./testing/scaling-fixture.ts";

const hour = 3_600_000;

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
