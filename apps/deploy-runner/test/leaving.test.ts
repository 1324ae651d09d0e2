import { describe, expect, it } from "vitest";
import type { RunnerGroup } from "../src/ports.ts";
import { ACCOUNT, BUCKET, DEPLOYMENT, GROUP, someSettings } from "./support/records.ts";
import { toObject } from "./support/scripts.ts";
import { openWorld } from "./support/world.ts";

const toResult = toObject("result.json");

describe("the result", () => {
  it("is written once, also where a reply to it was lost", async () => {
    const world = await openWorld();
    world.sandbox.faults.add({ service: "s3", action: "PutObject", kind: "error-after", match: toResult, times: 1 });

    const end = await world.end(world.run());

    expect(end).toMatchObject({ kind: "deployed", stored: true });
    expect(world.sandbox.account(ACCOUNT).s3.versions(BUCKET, `runs/${DEPLOYMENT}/result.json`)).toHaveLength(1);
  });

  it("is tried again and again, with the lease kept meanwhile", async () => {
    const world = await openWorld();
    const heal = world.sandbox.faults.add({
      service: "s3",
      action: "PutObject",
      kind: "error-before",
      match: toResult,
    });
    const runner = world.run();
    await world.pass(300);

    expect(world.lease()?.phase).toBe("saving");
    expect(runner.engine.events).toEqual([]);
    expect(world.clock.now() - Date.parse(world.lease()?.at ?? "")).toBeLessThanOrEqual(20_000);
    heal();
    const end = await world.end(runner);

    expect(end).toMatchObject({ kind: "deployed", stored: true });
    expect(runner.engine.events).toEqual(["dispose"]);
  });

  it("never replaces another one", async () => {
    const world = await openWorld();
    const s3 = world.sandbox.account(ACCOUNT).s3;
    s3.write(BUCKET, `runs/${DEPLOYMENT}/result.json`, "not ours");

    const end = await world.end(world.run());

    expect(end).toMatchObject({ kind: "deployed", stored: false });
    expect(s3.read(BUCKET, `runs/${DEPLOYMENT}/result.json`)?.text).toBe("not ours");
  });

  it("is the last word: no lease is written after the runner has ended", async () => {
    const world = await openWorld();
    await world.end(world.run());
    world.sandbox.calls.clear();

    await world.pass(120);

    expect(world.sandbox.calls.entries.filter(({ service }) => service === "s3")).toEqual([]);
  });
});

describe("leaving the group", () => {
  it.each([
    ["Terminating:Wait", true],
    ["Detaching", true],
    ["Terminating:Retained", false],
    ["InService", false],
  ])("beside another instance that is %s lowers the desired capacity: %s", async (lifecycle, decrement) => {
    const world = await openWorld();
    const asked: unknown[] = [];
    const group: RunnerGroup = {
      ...world.group,
      async observe(signal) {
        const reading = await world.group.observe(signal);
        if (reading.kind !== "group") return reading;
        return { ...reading, instances: [...reading.instances, { id: "i-2", lifecycle, protectedFromScaleIn: false }] };
      },
      terminate(instance, signal, options) {
        asked.push(options);
        return world.group.terminate(instance, signal, options);
      },
    };

    await world.end(world.run({ ports: { group } }));

    expect(asked).toEqual([{ decrement }]);
  });

  it("lowers the desired capacity, so that no replacement comes and runs the deployment again", async () => {
    const world = await openWorld();
    await world.end(world.run());

    await world.pass(600);

    expect(world.desired()).toBe(0);
    expect(
      world.sandbox
        .account(ACCOUNT)
        .ec2()
        .instances()
        .map(({ state }) => state),
    ).toEqual(["terminated"]);
  });

  it("does not ask for less than nothing where the desired capacity is 0 already", async () => {
    const world = await openWorld();
    const runner = world.run();
    await world.pass(20);
    world.sandbox.account(ACCOUNT).autoScaling().setDesiredCapacity(GROUP, 0);
    await world.pass(30);
    expect(world.members()).toEqual([world.instance]);

    const end = await world.end(runner);

    expect(end).toMatchObject({ kind: "deployed", retired: true });
    expect(world.desired()).toBe(0);
    expect(world.members()).toEqual([]);
  });

  it("is tried again after errors", async () => {
    const world = await openWorld();
    const action = "TerminateInstanceInAutoScalingGroup";
    world.sandbox.faults.add({ service: "autoscaling", action, kind: "error-before", times: 3 });

    const end = await world.end(world.run());

    expect(end.retired).toBe(true);
    expect(world.members()).toEqual([]);
  });

  it("is done only once where the reply was lost", async () => {
    const world = await openWorld();
    const action = "TerminateInstanceInAutoScalingGroup";
    world.sandbox.faults.add({ service: "autoscaling", action, kind: "error-after", times: 1 });

    const end = await world.end(world.run());
    await world.pass(120);

    expect(end.retired).toBe(true);
    expect(world.desired()).toBe(0);
    expect(world.members()).toEqual([]);
  });

  it("falls back to a desired capacity of 0 where the instance can not be terminated", async () => {
    const world = await openWorld();
    const action = "TerminateInstanceInAutoScalingGroup";
    world.sandbox.faults.add({
      service: "autoscaling",
      action,
      kind: "error-before",
      status: 403,
      code: "AccessDenied",
    });

    const end = await world.end(world.run());
    await world.pass(120);

    expect(end.retired).toBe(true);
    expect(world.desired()).toBe(0);
    expect(world.members()).toEqual([]);
  });

  it("says so where nothing helped", async () => {
    const world = await openWorld();
    world.sandbox.faults.add({
      service: "autoscaling",
      kind: "error-before",
      match: ({ action }) => action !== "SetInstanceProtection",
    });
    const runner = world.run();

    const end = await world.end(runner);

    expect(end).toMatchObject({ kind: "deployed", stored: true, retired: false });
    expect(runner.logged.join("\n")).toContain("group not set to 0");
  });

  it("leaves the other instance alone where there is one", async () => {
    const world = await openWorld();
    const runner = world.run();
    await world.pass(20);
    world.sandbox.account(ACCOUNT).autoScaling().rebalance(GROUP);
    await world.pass(40);
    const others = world.members().filter((id) => id !== world.instance);
    expect(others).toHaveLength(1);

    await world.end(runner);

    expect(world.members()).toEqual(others);
    expect(world.desired()).toBe(1);
    const second = world.run({ settings: { instance: others[0] ?? "none", nonce: `not ${someSettings().nonce}` } });
    expect(await world.end(second)).toMatchObject({ kind: "claim-lost", retired: true });
    expect(world.desired()).toBe(0);
  });
});
