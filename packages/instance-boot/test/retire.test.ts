import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { missingForMachine } from "./support/boot-machine.ts";
import { type BootWorld, openBootWorld, PATIENCE } from "./support/boot-world.ts";
import { BUCKET, DEPLOYMENT, GROUP } from "./support/options.ts";

const missing = missingForMachine();
const TERMINATE = { service: "autoscaling", action: "TerminateInstanceInAutoScalingGroup" } as const;

describe("the stop hook of the runner", () => {
  let world: BootWorld;
  beforeEach(async (context) => {
    if (missing !== null) context.skip(missing);
    world = await openBootWorld({ max: 2 });
    world.machine.installEngine();
  });
  afterEach(() => world?.close());

  function calls(action: string): number {
    return world.sandbox.calls.count()[`autoscaling:${action}`] ?? 0;
  }

  it("takes an instance out of the group that is still in it, protected or not", async () => {
    await world.boot();
    await world.protect();

    const ran = await world.machine.run(["/opt/windlass/boot", "leave"], { SERVICE_RESULT: "success" });

    expect(ran).toMatchObject({ code: 0, console: expect.stringMatching(/retired\n$/) });
    expect(world.staying()).toEqual([]);
    expect(world.desired()).toBe(0);
    expect(world.account.s3.keys(BUCKET)).toEqual([]);
    expect(world.machine.calls()).not.toContain("systemctl poweroff");
  });

  it("does nothing where the runner has left the group already", async () => {
    await world.terminate();

    const { console } = await world.leave("success");

    expect(console).toMatch(/not in the group any more\n$/);
    expect(calls("TerminateInstanceInAutoScalingGroup")).toBe(1);
    expect(calls("SetDesiredCapacity")).toBe(0);
  });

  it("tries again while Auto Scaling is busy", async () => {
    world.sandbox.faults.add({ kind: "throttle", ...TERMINATE, times: 2 });

    await world.leave("success");

    expect(calls("TerminateInstanceInAutoScalingGroup")).toBe(3);
    expect(world.staying()).toEqual([]);
    expect(world.desired()).toBe(0);
  });

  it("falls back to a capacity of 0, which a protected instance would survive", async () => {
    await world.protect();
    world.sandbox.faults.add({ kind: "error-before", ...TERMINATE });

    await world.leave("success");

    expect(world.desired()).toBe(0);
    await expect.poll(() => world.staying(), PATIENCE).toEqual([]);
  });

  it("takes the protection off also where the group can not be read, so that a capacity of 0 ends the instance", async () => {
    await world.protect();
    world.sandbox.faults.add({ kind: "error-before", service: "autoscaling", action: "DescribeAutoScalingGroups" });

    await world.leave("success");

    expect(calls("TerminateInstanceInAutoScalingGroup")).toBe(0);
    expect(world.desired()).toBe(0);
    await expect.poll(() => world.staying(), PATIENCE).toEqual([]);
  });

  it("goes without decrement where the evening has set the capacity to 0 already", async () => {
    await world.protect();
    world.account.autoScaling().setDesiredCapacity(GROUP, 0);
    expect(world.staying()).toEqual([world.instance]);

    const { console } = await world.leave("success");

    expect(console).toMatch(/retired\n$/);
    expect(world.staying()).toEqual([]);
    expect(world.desired()).toBe(0);
  });

  it("leaves another instance of the group alone", async () => {
    await world.protect();
    world.account.autoScaling().rebalance(GROUP);
    await expect.poll(() => world.staying(), PATIENCE).toHaveLength(2);
    const others = world.staying().filter((id) => id !== world.instance);

    await world.leave("success");

    expect(world.staying()).toEqual(others);
    expect(world.desired()).toBe(1);
  });

  it("reports on a runner that ended before it had the claim, with the runner's last lines", async () => {
    await world.leave("exit-code");

    expect(world.result()).toMatchObject({
      outcome: "never-started",
      failure: {
        code: "boot-failed",
        message: 'the runner says "no"',
        hint: "the runner ended before it had the claim",
      },
    });
    expect(world.machine.calls()).toContain("journalctl --unit windlass-runner --lines 30 --output cat");
    expect(world.desired()).toBe(0);
  });

  it("writes no result over the head of a runner that had the claim", async () => {
    world.account.s3.write(BUCKET, `runs/${DEPLOYMENT}/claim.json`, '{"holder":"runner","nonce":"theirs"}');

    await world.leave("signal");

    expect(world.account.s3.keys(BUCKET)).toEqual([`runs/${DEPLOYMENT}/claim.json`]);
    expect(world.desired()).toBe(0);
  });

  it("interrupts Terraform that a killed runner left behind, and waits for it before the instance goes", async () => {
    world.machine.leaveContainers("c0ffee\nbadcafe\n");

    await world.leave("signal");

    const calls = world.machine.calls().slice(-4);
    expect(calls).toEqual([
      "docker ps --quiet",
      "pkill --signal INT --exact terraform|tofu",
      "docker wait c0ffee badcafe",
      "journalctl --unit windlass-runner --lines 30 --output cat",
    ]);
    expect(world.staying()).toEqual([]);
  });
});
