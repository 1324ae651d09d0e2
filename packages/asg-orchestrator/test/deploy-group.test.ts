import { ResumeProcessesCommand, SuspendProcessesCommand } from "@aws-sdk/client-auto-scaling";
import { beforeEach, describe, expect, it } from "vitest";
import { first, type OpenGroup, openGroup, second } from "./open-group.ts";

let world: OpenGroup;

beforeEach(async () => {
  world = await openGroup();
});

describe("a launch", () => {
  it("makes the same instance when its reply was lost and it is asked for again", async () => {
    world.sandbox.faults.add({ kind: "error-after", action: "SetDesiredCapacity", times: 1 });

    await expect(world.group.launch(first)).rejects.toMatchObject({ code: "service-unreachable", retryable: true });
    await world.group.launch(first);
    await world.settle();

    expect(await world.group.observe()).toMatchObject({ desired: 1, instances: [{ lifecycle: "InService" }] });
    expect(world.sandbox.calls.count()["autoscaling:SetDesiredCapacity"]).toBe(1);
  });

  it("goes on where it was interrupted after the tag", async () => {
    world.sandbox.faults.add({ kind: "error-before", action: "SetDesiredCapacity", times: 1 });

    await expect(world.group.launch(first)).rejects.toMatchObject({ code: "service-unavailable" });
    const interrupted = await world.group.observe();
    await world.group.launch(first);

    expect(interrupted).toMatchObject({ desired: 0, deploymentTag: first });
    expect(await world.group.observe()).toMatchObject({ desired: 1, deploymentTag: first });
  });

  it("is refused while an instance is still on its way out", async () => {
    await world.launched();
    await world.group.retire();
    await world.clock.advance(10_000);
    const leaving = await world.group.observe();

    const launch = world.group.launch(second);

    await expect(launch).rejects.toMatchObject({ code: "group-not-empty" });
    expect(leaving).toMatchObject({ desired: 0, instances: [{ lifecycle: "Terminating" }] });
  });

  it("is refused while capacity was set that has not come yet", async () => {
    await world.group.launch(first);

    await expect(world.group.launch(second)).rejects.toMatchObject({
      code: "group-not-empty",
      found: expect.stringContaining(first),
    });
  });

  it("says that the group's maximum is wrong", async () => {
    await world.createGroup({ name: "closed", max: 0 });

    await expect(world.groupNamed("closed").launch(first)).rejects.toMatchObject({
      code: "above-max",
      retryable: false,
      hint: expect.stringContaining("MaxSize 1"),
    });
  });

  it.each([
    ["ScalingActivityInProgress", 400, "contention", true],
    ["ResourceContention", 500, "contention", true],
    ["AccessDenied", 403, "access-denied", false],
    ["ExpiredToken", 403, "credentials-refused", true],
    ["Throttling", 400, "throttled", true],
    ["ServiceUnavailable", 503, "service-unavailable", true],
    ["SomethingNew", 400, "request-refused", false],
  ])("that ends with %s throws what it means", async (code, status, expected, retryable) => {
    world.sandbox.faults.add({ kind: "error-before", action: "SetDesiredCapacity", code, status, times: 1 });

    await expect(world.group.launch(first)).rejects.toMatchObject({
      code: expected,
      retryable,
      name: "OrchestratorError",
    });
  });
});

describe("what is seen of a group", () => {
  it("names its suspended processes", async () => {
    const ScalingProcesses = ["Launch", "AZRebalance"];
    await world.client.send(new SuspendProcessesCommand({ AutoScalingGroupName: "deploy", ScalingProcesses }));
    const suspended = await world.group.observe();
    await world.client.send(new ResumeProcessesCommand({ AutoScalingGroupName: "deploy", ScalingProcesses }));

    expect(suspended.kind === "group" ? suspended.suspendedProcesses.toSorted() : null).toEqual([
      "AZRebalance",
      "Launch",
    ]);
    expect(await world.group.observe()).toMatchObject({ suspendedProcesses: [] });
  });

  it("is unreadable while the group is being deleted, and nothing is launched", async () => {
    await world.launched();
    world.account.autoScaling().deleteGroup("deploy");

    expect(await world.group.observe()).toMatchObject({ kind: "unreadable", code: "group-deleting" });
    await expect(world.group.launch(second)).rejects.toMatchObject({ code: "group-deleting" });
  });

  it("is unreadable when the service throttles, fails or does not answer", async () => {
    const { faults } = world.sandbox;
    faults.add({ kind: "throttle", service: "autoscaling", times: 1 });
    faults.add({ kind: "error-before", service: "autoscaling", status: 500, times: 1 });
    faults.add({ kind: "error-before", service: "autoscaling", code: "ECONNRESET", times: 1 });

    const readings = [
      await world.group.observe(),
      await world.group.observe(),
      await world.group.observe(),
      await world.group.observe(),
    ];

    expect(readings).toMatchObject([
      { kind: "unreadable", code: "throttled" },
      { kind: "unreadable", code: "service-unavailable" },
      { kind: "unreadable", code: "service-unreachable" },
      { kind: "group" },
    ]);
  });

  it("is unreadable when the signal ends the read", async () => {
    const abort = new AbortController();
    world.sandbox.faults.add({ kind: "latency", ms: 60_000 });
    world.clock.schedule(1_000, () => abort.abort());

    const reading = world.group.observe(abort.signal);
    await world.clock.advance(1_000);

    expect(await reading).toMatchObject({ kind: "unreadable", code: "aborted" });
  });

  it("is not asked for when the signal was ended before", async () => {
    world.sandbox.calls.clear();

    expect(await world.group.observe(AbortSignal.abort())).toMatchObject({ kind: "unreadable", code: "aborted" });
    expect(world.sandbox.calls.count()).toEqual({});
  });
});

describe("retiring", () => {
  it("does nothing where the capacity is 0 already", async () => {
    world.sandbox.calls.clear();

    await world.group.retire();

    expect(world.sandbox.calls.count()).toEqual({ "autoscaling:DescribeAutoScalingGroups": 1 });
  });

  it("leaves a protected instance alone", async () => {
    const instance = await world.launched();
    await world.group.protect(instance);

    await world.group.retire();
    await world.settle();

    expect(await world.group.observe()).toMatchObject({
      desired: 0,
      instances: [{ id: instance, lifecycle: "InService" }],
    });
  });

  it("says that the group's minimum is wrong", async () => {
    await world.createGroup({ name: "open", min: 1 });

    await expect(world.groupNamed("open").retire()).rejects.toMatchObject({
      code: "below-min",
      hint: expect.stringContaining("MinSize 0"),
    });
  });
});
