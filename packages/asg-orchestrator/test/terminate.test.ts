import { beforeEach, describe, expect, it } from "vitest";
import { first, type OpenGroup, openGroup } from "./open-group.ts";

let world: OpenGroup;

beforeEach(async () => {
  world = await openGroup();
});

describe("terminating", () => {
  it("works on an instance that is protected from scale-in", async () => {
    const instance = await world.launched();
    await world.group.protect(instance);

    await world.group.terminate(instance);
    await world.settle();

    expect(await world.group.observe()).toMatchObject({ desired: 0, instances: [] });
  });

  it("decrements nothing where the capacity is 0 already, and starts no replacement", async () => {
    const instance = await world.launched();
    await world.group.protect(instance);
    await world.group.retire();

    const terminated = await world.group.terminate(instance);
    await world.settle();

    expect(terminated).toEqual({ decremented: false });
    expect(await world.group.observe()).toMatchObject({ desired: 0, instances: [] });
  });

  it("works on an instance that no list shows yet, and lowers a capacity that was read as 0", async () => {
    world.account.autoScaling().staleReads(60_000);
    await world.group.launch(first);
    await world.clock.advance(50_000);
    const unseen = await world.group.observe();
    const instance = world.account.ec2().instances()[0]!.instanceId;

    const terminated = await world.group.terminate(instance);
    world.account.autoScaling().staleReads(0);
    await world.settle();

    expect(unseen).toMatchObject({ desired: 0, instances: [] });
    expect(terminated).toEqual({ decremented: true });
    expect(await world.group.observe()).toMatchObject({ desired: 0, instances: [] });
    expect(world.account.ec2().instances()).toHaveLength(1);
  });

  it("of one instance too many leaves the other one in service", async () => {
    await world.createGroup({ name: "pair", max: 2, desired: 2 });
    const pair = world.groupNamed("pair");
    const reading = await pair.observe();
    const [stays, leaves] = reading.kind === "group" ? reading.instances.map((instance) => instance.id) : [];
    for (const instance of [stays!, leaves!]) await pair.protect(instance);
    await world.setDesired("pair", 1);
    await world.settle();
    const tooMany = await pair.observe();

    await pair.terminate(leaves!, undefined, { decrement: false });
    await world.settle();

    expect(tooMany).toMatchObject({ desired: 1, instances: [{ id: stays }, { id: leaves }] });
    expect(await pair.observe()).toMatchObject({ desired: 1, instances: [{ id: stays, lifecycle: "InService" }] });
  });

  it("is done where the instance is gone, and where there never was one", async () => {
    const instance = await world.launched();
    await world.group.terminate(instance);
    await world.settle();

    expect(await world.group.terminate(instance)).toEqual({ decremented: false });
    expect(await world.group.terminate("i-00000000000000000")).toEqual({ decremented: false });
  });

  it("goes on without decrement where somebody sets the capacity to 0 meanwhile", async () => {
    const instance = await world.launched();
    await world.group.protect(instance);
    let isLowered = false;
    world.sandbox.faults.add({
      kind: "latency",
      ms: 1_000,
      action: "TerminateInstanceInAutoScalingGroup",
      times: 1,
    });
    world.clock.schedule(500, async () => {
      await world.setDesired("deploy", 0);
      isLowered = true;
    });

    const terminating = world.group.terminate(instance);
    await world.clock.advance(2_000);
    const terminated = await terminating;
    await world.settle();

    expect(isLowered).toBe(true);
    expect(terminated).toEqual({ decremented: false });
    expect(await world.group.observe()).toMatchObject({ desired: 0, instances: [] });
    expect(world.sandbox.calls.count()["autoscaling:TerminateInstanceInAutoScalingGroup"]).toBe(2);
  });

  it("says so where the group's minimum would start a replacement, and leaves the instance", async () => {
    await world.createGroup({ name: "open", min: 1 });
    const open = world.groupNamed("open");
    const before = await open.observe();
    const instance = before.kind === "group" ? before.instances[0]!.id : "";

    await expect(open.terminate(instance)).rejects.toMatchObject({ code: "below-min" });
    await world.settle();

    expect(await open.observe()).toEqual(before);
  });

  it("leaves the capacity alone when it is told to, for one instance too many", async () => {
    const instance = await world.launched();

    const terminated = await world.group.terminate(instance, undefined, { decrement: false });
    await world.settle();

    expect(terminated).toEqual({ decremented: false });
    expect(await world.group.observe()).toMatchObject({
      desired: 1,
      instances: [{ id: expect.not.stringMatching(instance) }],
    });
  });

  it("does nothing more to an instance that is on its way out", async () => {
    const instance = await world.launched();
    await world.group.terminate(instance);
    await world.clock.advance(5_000);
    world.sandbox.calls.clear();

    const terminated = await world.group.terminate(instance);

    expect(terminated).toEqual({ decremented: false });
    expect(world.sandbox.calls.count()).toEqual({ "autoscaling:DescribeAutoScalingGroups": 1 });
  });

  it("takes an instance for gone that vanishes between two calls", async () => {
    const instance = await world.launched();
    world.sandbox.faults.add({
      kind: "latency",
      ms: 20 * 60_000,
      action: "TerminateInstanceInAutoScalingGroup",
      times: 1,
    });

    const terminating = world.group.terminate(instance);
    await world.clock.advance(1_000);
    await world.group.retire();
    await world.clock.advance(20 * 60_000);

    expect(await terminating).toEqual({ decremented: false });
  });

  it("does not lower the capacity twice when its reply was lost and it is asked for again", async () => {
    const instance = await world.launched();
    world.sandbox.faults.add({ kind: "error-after", action: "TerminateInstanceInAutoScalingGroup", times: 1 });

    await expect(world.group.terminate(instance)).rejects.toMatchObject({
      code: "service-unreachable",
      retryable: true,
    });
    const again = await world.group.terminate(instance);
    await world.settle();

    expect(again).toEqual({ decremented: false });
    expect(await world.group.observe()).toMatchObject({ desired: 0, instances: [] });
  });
});

describe("protection", () => {
  it("can be asked for again when the instance still boots", async () => {
    await world.group.launch(first);
    await world.clock.advance(10_000);
    const booting = await world.group.observe();
    const instance = booting.kind === "group" ? (booting.instances[0]?.id ?? "none") : "none";

    await expect(world.group.protect(instance)).rejects.toMatchObject({
      code: "instance-not-in-service",
      retryable: true,
    });
    await world.settle();
    await world.group.protect(instance);

    expect(booting).toMatchObject({ instances: [{ lifecycle: "Pending" }] });
    expect(await world.group.observe()).toMatchObject({ instances: [{ protectedFromScaleIn: true }] });
  });

  it("is off an instance that is on its way out, or gone", async () => {
    const instance = await world.launched();
    await world.group.terminate(instance);
    await world.clock.advance(5_000);

    await world.group.unprotect(instance);
    await world.settle();
    await world.group.unprotect(instance);

    await expect(world.group.protect(instance)).rejects.toMatchObject({ name: "OrchestratorError" });
  });

  it("is off nothing when the call was not allowed", async () => {
    const instance = await world.launched();
    world.sandbox.faults.add({
      kind: "error-before",
      action: "SetInstanceProtection",
      code: "AccessDenied",
      status: 403,
    });

    await expect(world.group.unprotect(instance)).rejects.toMatchObject({ code: "access-denied" });
  });
});
