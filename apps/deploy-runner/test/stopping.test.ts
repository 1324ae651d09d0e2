import { describe, expect, it } from "vitest";
import { ACCOUNT, anAssignment, BUCKET, DEPLOYMENT } from "./support/records.ts";
import { exited, type StepScript } from "./support/scripted-engine.ts";
import { deaf, obedient, stubborn, toObject } from "./support/scripts.ts";
import { openWorld, type World } from "./support/world.ts";

async function cancelNow(world: World): Promise<void> {
  const { deployment, decidedAt } = anAssignment();
  await world.store.putCancel({ schema: 1, deployment, by: "ada", reason: "wrong image", at: decidedAt });
}

describe("a cancel", () => {
  it("interrupts an apply and ends the deployment cancelled, once Terraform has stopped in good order", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: obedient(40) } } });
    await world.pass(30);
    expect(world.lease()?.phase).toBe("applying");

    await cancelNow(world);
    await world.end(runner);

    expect(runner.engine.events).toEqual(["interrupt apply", "dispose"]);
    expect(world.result()).toMatchObject({
      outcome: "cancelled",
      exitCode: 1,
      failure: { code: "cancelled", hint: "part of the plan may be applied; the state knows which" },
    });
    expect(world.result()?.failure?.message).toContain("cancelled by ada: wrong image");
  });

  it("is seen within one lease interval", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: obedient(1) } } });
    await world.pass(30);
    await cancelNow(world);

    await world.pass(20);

    expect(runner.engine.events).toContain("interrupt apply");
    await world.end(runner);
  });

  it("keeps an apply from starting, also when it came a moment before", async () => {
    const world = await openWorld();
    const show: StepScript = async (terminal) => {
      await cancelNow(world);
      terminal.out('{"resource_changes":[],"applyable":true}');
      return exited(0);
    };
    const runner = world.run({ script: { steps: { show } } });

    await world.end(runner);

    expect(runner.engine.started.map(({ step }) => step)).toEqual(["init", "plan", "show"]);
    expect(world.result()).toMatchObject({
      outcome: "cancelled",
      exitCode: null,
      failure: {
        code: "cancelled",
        message: "cancelled by ada: wrong image; stopped after terraform show, before apply",
        hint: null,
      },
    });
    expect(world.lease()?.phase).toBe("planning");
  });

  it("comes too late for an apply that succeeds all the same", async () => {
    const world = await openWorld();
    const apply: StepScript = async (terminal) => {
      await terminal.interrupt(1);
      return exited(0);
    };
    const runner = world.run({ script: { steps: { apply } } });
    await world.pass(30);

    await cancelNow(world);
    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "succeeded", failure: null });
  });

  it("stops the run also where its words can not be read", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { plan: obedient(1) } } });
    await world.pass(10);

    world.sandbox.account(ACCOUNT).s3.write(BUCKET, `runs/${DEPLOYMENT}/cancel.json`, "{}");
    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "cancelled" });
  });

  it("is looked for again where reading it failed", async () => {
    const world = await openWorld();
    const match = toObject("cancel.json");
    world.sandbox.faults.add({ service: "s3", action: "GetObject", kind: "error-before", match, times: 2 });
    const runner = world.run({ script: { steps: { plan: obedient(1) } } });
    await cancelNow(world);

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "cancelled" });
    expect(world.sandbox.faults.fired()["error-before"]).toBe(2);
  });
});

describe("a Terraform that does not stop", () => {
  it("is interrupted a second time after its grace, and what it left is unknown", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: stubborn } } });
    await world.pass(30);
    runner.stop.request({ kind: "cancelled", by: "ada", reason: "stop" });

    await world.pass(299);
    expect(runner.engine.events).toEqual(["interrupt apply"]);
    await world.end(runner);

    expect(runner.engine.events).toEqual(["interrupt apply", "interrupt apply", "dispose"]);
    expect(world.result()).toMatchObject({ outcome: "unknown", exitCode: 1, failure: { code: "terraform-killed" } });
  });

  it("is killed in the end", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: deaf } } });
    await world.pass(30);
    runner.stop.request({ kind: "interrupted", signal: "SIGTERM" });

    await world.pass(89);
    expect(runner.engine.events).toEqual(["interrupt apply", "interrupt apply"]);
    await world.end(runner);

    expect(runner.engine.events).toEqual(["interrupt apply", "interrupt apply", "kill apply", "dispose"]);
    expect(world.result()).toMatchObject({ outcome: "unknown", exitCode: 137, failure: { code: "terraform-killed" } });
  });

  it("gets less time once there is a more urgent reason", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: deaf } } });
    await world.pass(30);
    runner.stop.request({ kind: "cancelled", by: "ada", reason: "stop" });
    await world.pass(10);

    runner.stop.request({ kind: "interrupted", signal: "SIGTERM" });
    await world.pass(76);

    expect(runner.engine.events).toEqual(["interrupt apply", "interrupt apply"]);
    await world.end(runner);
    expect(world.result()?.failure?.message).toContain("cancelled by ada");
  });

  it("leaves nothing unknown where it was killed before apply", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { plan: deaf } } });
    await world.pass(5);
    runner.stop.request({ kind: "interrupted", signal: "SIGTERM" });

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "interrupted", failure: { code: "interrupted" } });
  });

  it("is unknown where somebody else killed it while it applied", async () => {
    const world = await openWorld();
    const apply: StepScript = () => ({ kind: "killed", signal: "SIGKILL", outOfMemory: false });

    await world.end(world.run({ script: { steps: { apply } } }));

    expect(world.result()).toMatchObject({ outcome: "unknown", exitCode: 137, failure: { code: "terraform-killed" } });
  });
});

describe("a time limit", () => {
  it("is the image's own, and counts from the claim", async () => {
    const world = await openWorld(anAssignment({ timeoutSeconds: 120 }));
    const runner = world.run({ script: { steps: { apply: obedient(1) } } });

    await world.pass(118);
    expect(runner.engine.events).toEqual([]);
    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "timeout" } });
    expect(world.result()?.failure?.message).toContain("not done within 120 s");
  });

  it("ends also a pull that takes too long", async () => {
    const world = await openWorld(anAssignment({ timeoutSeconds: 60 }));
    const runner = world.run({ script: { prepareSeconds: 100 } });

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "failed", exitCode: null, failure: { code: "timeout" } });
    expect(runner.engine.started).toEqual([]);
  });
});

describe("a signal", () => {
  it("ends the deployment as interrupted, with the result stored and the instance gone", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: obedient(20) } } });
    await world.pass(30);

    runner.stop.request({ kind: "interrupted", signal: "SIGTERM" });
    const end = await world.end(runner);

    expect(end).toMatchObject({ kind: "deployed", stored: true, retired: true });
    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "interrupted" } });
    expect(world.result()?.failure?.message).toContain("SIGTERM");
  });
});
