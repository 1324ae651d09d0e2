import { beforeEach, describe, expect, it } from "vitest";
import { first, type OpenGroup, openGroup, since } from "./open-group.ts";

let world: OpenGroup;

beforeEach(async () => {
  world = await openGroup();
});

describe("failed launches", () => {
  it("have EC2's code, and the newest is first", async () => {
    const { autoScaling } = world.account;
    autoScaling().failLaunches({ code: "InsufficientInstanceCapacity", times: 1 });
    autoScaling().failLaunches({ code: "VcpuLimitExceeded", times: 1 });
    await world.group.launch(first);
    await world.settle();

    const failures = await world.group.readLaunchFailures(since);

    expect(failures.map((failure) => failure.code)).toEqual(["VcpuLimitExceeded", "InsufficientInstanceCapacity"]);
    expect(failures[0]!.at > failures[1]!.at).toBe(true);
    expect(failures[0]!.message).toContain("vCPU");
  });

  it("are those since a time only, and never those of another group", async () => {
    await world.createGroup({ name: "other" });
    world.account.autoScaling().failLaunches({ code: "InsufficientInstanceCapacity", times: 2 });
    await world.group.launch(first);
    await world.settle();
    const now = new Date(world.clock.now()).toISOString();

    expect(await world.group.readLaunchFailures(since)).toHaveLength(2);
    expect(await world.group.readLaunchFailures(now)).toEqual([]);
    expect(await world.groupNamed("other").readLaunchFailures(since)).toEqual([]);
  });

  it("are none where launch and termination went well", async () => {
    const instance = await world.launched();
    await world.group.terminate(instance);
    await world.settle();

    expect(await world.group.readLaunchFailures(since)).toEqual([]);
  });

  it("are found on further pages, of which only so many are read", async () => {
    world.account.autoScaling().timings({ firstRetryMs: 1_000, maxRetryMs: 1_000 });
    world.account.autoScaling().failLaunches({ code: "InsufficientInstanceCapacity", times: Number.POSITIVE_INFINITY });
    await world.group.launch(first);
    await world.clock.advance(10 * 60_000);
    world.sandbox.calls.clear();

    const failures = await world.group.readLaunchFailures(since);

    expect(failures).toHaveLength(500);
    expect(world.sandbox.calls.count()).toEqual({ "autoscaling:DescribeScalingActivities": 5 });
  });

  it("ask for no more pages than reach back to the time", async () => {
    world.account.autoScaling().timings({ firstRetryMs: 1_000, maxRetryMs: 1_000 });
    world.account.autoScaling().failLaunches({ code: "InsufficientInstanceCapacity", times: Number.POSITIVE_INFINITY });
    await world.group.launch(first);
    await world.clock.advance(10 * 60_000);
    const recent = new Date(world.clock.now() - 60_000).toISOString();
    world.sandbox.calls.clear();

    const failures = await world.group.readLaunchFailures(recent);

    expect(failures.length).toBeGreaterThan(10);
    expect(failures.every((failure) => failure.at >= recent)).toBe(true);
    expect(world.sandbox.calls.count()).toEqual({ "autoscaling:DescribeScalingActivities": 1 });
  });

  it("throw where they can not be read", async () => {
    world.sandbox.faults.add({ kind: "throttle", action: "DescribeScalingActivities" });

    await expect(world.group.readLaunchFailures(since)).rejects.toMatchObject({ code: "throttled", retryable: true });
  });
});
