import { describe, expect, it } from "vitest";
import { exited, type StepScript } from "./support/scripted-engine.ts";
import { obedient, toObject } from "./support/scripts.ts";
import { openWorld } from "./support/world.ts";

describe("a runner cut off from S3", () => {
  it("interrupts Terraform by itself after 180 s without a lease", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: obedient(10) } } });
    await world.pass(30);
    const lastLease = Date.parse(world.lease()?.at ?? "");
    const heal = world.sandbox.faults.add({ service: "s3", kind: "error-before", code: "ECONNRESET" });

    await world.pass((lastLease + 178_000 - world.clock.now()) / 1000);
    expect(runner.engine.events).toEqual([]);
    await world.pass(4);
    expect(runner.engine.events).toEqual(["interrupt apply"]);
    await world.pass(30);
    heal();
    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "fenced" } });
    expect(world.result()?.failure?.message).toContain("could not be renewed for 180 s");
  });

  it("does not go by the wall clock, which may be set back", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: obedient(10) } } });
    await world.pass(30);
    world.sandbox.faults.add({ service: "s3", kind: "error-before", code: "ECONNRESET" });
    world.skewMs = -3_600_000;

    await world.pass(182);

    expect(runner.engine.events).toContain("interrupt apply");
    await world.end(runner);
  });

  it("goes on where S3 comes back in time", async () => {
    const world = await openWorld();
    const slow: StepScript = async (terminal) => {
      await terminal.sleep(400);
      return exited(0);
    };
    const runner = world.run({ script: { steps: { apply: slow } } });
    await world.pass(30);
    const heal = world.sandbox.faults.add({ service: "s3", kind: "error-before", code: "ECONNRESET" });
    await world.pass(150);
    heal();

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "succeeded" });
    expect(runner.engine.events).toEqual(["dispose"]);
  });

  it("leaves the group also where its result can not be stored, but not before it has tried for ten minutes", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: obedient(10) } } });
    await world.pass(30);
    world.sandbox.faults.add({ service: "s3", kind: "error-before", code: "ECONNRESET" });
    const cutAt = world.clock.now();

    const end = await world.end(runner);

    expect(end).toMatchObject({ kind: "deployed", stored: false, retired: true });
    expect(world.result()).toBeNull();
    expect(world.clock.now() - cutAt).toBeGreaterThan(700_000);
    expect(world.lease()?.phase).toBe("applying");
  });
});

describe("the phase applying", () => {
  it("is stored before apply starts", async () => {
    const world = await openWorld();
    const seen: unknown[] = [];
    const apply: StepScript = () => {
      seen.push(world.lease()?.phase);
      return exited(0);
    };

    await world.end(world.run({ script: { steps: { apply } } }));

    expect(seen).toEqual(["applying"]);
  });

  it("keeps apply from starting as long as it can not be stored", async () => {
    const world = await openWorld();
    const show: StepScript = (terminal) => {
      world.sandbox.faults.add({ service: "s3", kind: "error-before", match: toObject("lease.json"), times: 9 });
      terminal.out('{"applyable":true}');
      return exited(0);
    };
    const runner = world.run({ script: { steps: { show } } });

    await world.pass(30);
    expect(runner.engine.started.map(({ step }) => step)).not.toContain("apply");
    await world.end(runner);

    expect(runner.engine.started.map(({ step }) => step)).toContain("apply");
    expect(world.result()).toMatchObject({ outcome: "succeeded" });
  });

  it("is no reason for an apply where it was never acknowledged, even if it was stored", async () => {
    const world = await openWorld();
    const show: StepScript = (terminal) => {
      world.sandbox.faults.add({
        service: "s3",
        kind: "error-after",
        action: "PutObject",
        match: toObject("lease.json"),
      });
      terminal.out('{"applyable":true}');
      return exited(0);
    };
    const runner = world.run({ script: { steps: { show } } });

    await world.end(runner);

    expect(runner.engine.started.map(({ step }) => step)).not.toContain("apply");
    expect(world.result()).toMatchObject({ outcome: "interrupted", failure: { code: "fenced" } });
    expect(world.lease()?.phase).toBe("planning");
  });

  it("is never replaced by an older renewal that took longer", async () => {
    const world = await openWorld();
    const plan: StepScript = async (terminal) => {
      world.sandbox.faults.add({ service: "s3", kind: "latency", ms: 9_000, match: toObject("lease.json"), times: 1 });
      await terminal.sleep(18);
      return exited(0);
    };
    const phases: unknown[] = [];
    const apply: StepScript = async (terminal) => {
      for (let seconds = 0; seconds < 15; seconds += 1) {
        phases.push(world.lease()?.phase);
        await terminal.sleep(1);
      }
      return exited(0);
    };

    await world.end(world.run({ script: { steps: { plan, apply } } }));

    expect(new Set(phases)).toEqual(new Set(["applying"]));
    expect(world.sandbox.faults.fired().latency).toBe(1);
  });
});
