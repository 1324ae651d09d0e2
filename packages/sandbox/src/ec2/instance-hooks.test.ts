import { describe, expect, it } from "vitest";
import { scalingGroups } from "../auto-scaling/scaling-groups.ts";
import { createScaling, group, settle } from "../auto-scaling/testing/scaling-fixture.ts";
import { virtualClock } from "../core/clock.ts";
import { createWorld } from "../core/world.ts";
import { createInstanceSource } from "./describe-instance.ts";
import { ec2Compute } from "./ec2-compute.ts";
import { unknown } from "./testing/instances-fixture.ts";

describe("what plays the inside of instances", () => {
  it("hears of boots and of ends, with what the instance knows of itself", async () => {
    const { compute, clock, groups } = createScaling({ tags: { "windlass:deployment": "d-1" } });
    const heard: string[] = [];
    const stop = compute.onInstance({
      booted: ({ tags }) => heard.push(`booted with ${tags?.["windlass:deployment"]}`),
      terminating: (_, { abrupt }) => heard.push(abrupt ? "lost" : "shutting down"),
    });

    groups.setDesiredCapacity(group, 1);
    await clock.advance(settle);
    compute.interrupt(groups.group(group)?.instances[0]?.id ?? "");
    await clock.advance(2 * settle);
    groups.setDesiredCapacity(group, 0);
    await clock.advance(settle);
    stop();
    groups.setDesiredCapacity(group, 1);
    await clock.advance(settle);

    expect(heard).toEqual(["booted with d-1", "lost", "booted with d-1", "shutting down"]);
  });

  it("hears of an operating system's shutdown once", async () => {
    const { compute, clock, groups } = createScaling({ desired: 1 });
    const ended: string[] = [];
    compute.onInstance({ terminating: ({ instanceId }) => ended.push(instanceId) });
    await clock.advance(settle);
    const id = groups.group(group)?.instances[0]?.id ?? "";

    compute.shutDownFromInside(id);
    await clock.advance(settle);

    expect(ended).toEqual([id]);
  });
});

describe("an instance's description of itself", () => {
  it("is there while the instance is, in whatever account and region", async () => {
    const clock = virtualClock(0);
    const world = createWorld(1);
    const place = { world, clock, account: "333333333333", region: "us-east-1" };
    const source = createInstanceSource(world);
    scalingGroups(place).createGroup("far", { desired: 1 });
    await clock.advance(settle);
    const [{ instanceId = "" } = {}] = ec2Compute(place).instances();

    expect(source.describeInstance(instanceId)).toMatchObject({
      instanceId,
      account: "333333333333",
      region: "us-east-1",
    });
    expect(source.describeInstance(unknown)).toBeNull();
    ec2Compute(place).interrupt(instanceId);

    expect(source.describeInstance(instanceId)).toBeNull();
  });
});
