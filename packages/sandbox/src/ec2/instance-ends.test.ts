import {
  DescribeInstanceStatusCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { createScaling, settle } from "../auto-scaling/testing/scaling-fixture.ts";
import { unknown, withInstances } from "./testing/instances-fixture.ts";

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
