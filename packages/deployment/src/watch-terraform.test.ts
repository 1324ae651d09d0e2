import { describe, expect, it } from "vitest";
import { digest, World } from "./testing/world.ts";

function launched(): { world: World; id: World["ledger"]["deployments"][string]["id"] } {
  const world = new World().push("dga-network", "a");
  world.tick();
  return { world, id: world.started().id };
}

describe("a Terraform deployment", () => {
  it("makes its digest live when its claim's holder wrote that it succeeded", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    const id = world.run();

    expect(world.ledger.images["dga-network"]).toMatchObject({
      live: { digest: digest("a"), commit: "commit-a", deployment: id },
      attempts: null,
    });
    expect(world.history.get(id)).toMatchObject({ state: "succeeded", exitCode: 0, plan: { add: 1 }, failure: null });
    expect(world.plan().reasons["dga-network"]).toEqual({ kind: "live" });
  });

  it("keeps what was live before for a rollback", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.run();
    world.push("dga-network", "b").tick();
    world.run();

    expect(world.ledger.images["dga-network"]).toMatchObject({
      live: { digest: digest("b") },
      previous: { digest: digest("a") },
    });
  });

  it("leaves the ledger when it is in the history, and not before", () => {
    const { world, id } = launched();
    world.crashBefore.add("append-history");
    world.run();

    expect(world.ledger.deployments[id]).toMatchObject({ state: "succeeded" });

    world.crashBefore.clear();
    world.tick();
    expect(world.ledger.deployments).toEqual({});
    expect(world.history.has(id)).toBe(true);
  });

  it("is running, with phase and progress, once it is claimed", () => {
    const { world, id } = launched();
    const instance = world.boot();
    world.claim(id, instance);
    world.lease(id, "applying", "12/40");
    const plan = world.tick();

    expect(world.started()).toMatchObject({ state: "running", holder: { instance }, phase: "applying" });
    expect(plan.reasons["dga-network"]).toEqual({
      kind: "deploying",
      deployment: id,
      phase: "applying",
      progress: "12/40",
    });
  });

  it("is not tried again for a digest that failed", () => {
    const { world } = launched();
    world.run({ outcome: "failed", exitCode: 1, failure: { code: "apply-failed", message: "no", hint: null } });
    const plan = world.ticks(60).at(-1);

    expect(plan?.reasons["dga-network"]).toEqual({ kind: "quarantined", outcome: "failed", attempts: 1, of: 1 });
    expect(world.ledger.images["dga-network"]?.live).toBeNull();
    expect(world.history.size).toBe(1);
  });

  it("is tried again where the host interrupted it before anything was applied", () => {
    const { world } = launched();
    const id = world.run({ outcome: "interrupted", exitCode: 1 });
    world.tick();

    expect(world.history.get(id)).toMatchObject({ state: "lost" });
    expect(world.started()).toMatchObject({ digest: digest("a"), attempt: 2 });
  });

  it("is tried with the next head after a failure", () => {
    const { world } = launched();
    world.run({ outcome: "failed", exitCode: 1 });
    world.push("dga-network", "b").tick();

    expect(world.started()).toMatchObject({ digest: digest("b"), attempt: 1 });
  });

  it.each(["unknown", "state-unsaved"] as const)("blocks its image when it ends %s", (outcome) => {
    const { world } = launched();
    const id = world.run({ outcome, exitCode: 1 });
    world.push("dga-network", "b");
    const plan = world.ticks(60).at(-1);

    expect(plan?.reasons["dga-network"]).toEqual({ kind: "blocked", deployment: id, outcome });
    expect(world.history.size).toBe(1);
  });

  it("ends unknown when its result does not parse", () => {
    const { world, id } = launched();
    world.claim(id, world.boot());
    world.runs.get(id)!.invalid.result = "not JSON";
    world.tick();

    expect(world.history.get(id)).toMatchObject({ state: "unknown", failure: { code: "result-invalid" } });
    expect(world.ledger.images["dga-network"]?.block).toMatchObject({ outcome: "unknown" });
  });

  it("does not end by a result that does not parse while nobody holds the claim", () => {
    const { world, id } = launched();
    world.runs.get(id)!.invalid.result = "not JSON";
    const plan = world.tick();

    expect(plan.notes.map(({ code }) => code)).toContain("result-unclaimed");
    expect(world.started().id).toBe(id);
  });

  it.each([
    ["another digest ran", { digest: digest("z") }],
    ["nothing ran", { digest: null }],
    ["the exit code is not 0", { exitCode: 1 }],
    ["there is no exit code", { exitCode: null }],
  ])("ends unknown when the result says succeeded but %s", (_, change) => {
    const { world } = launched();
    const id = world.run(change);

    expect(world.history.get(id)).toMatchObject({ state: "unknown", failure: { code: "result-contradicts" } });
    expect(world.ledger.images["dga-network"]?.live).toBeNull();
  });

  it.each([
    ["of an older epoch", { epoch: 99 }],
    ["by somebody who does not hold the claim", { nonce: "other" }],
    ["of another deployment", { deployment: "20261124t000000z-99" as never }],
  ])("ignores a result %s", (_, change) => {
    const { world, id } = launched();
    world.claim(id, world.boot());
    world.finish(id, change);
    const plan = world.plan();

    expect(plan.notes.map(({ code }) => code)).toContain("result-foreign");
    expect(plan.ended).toEqual([]);
    expect(plan.ledger.images["dga-network"]?.live).toBeNull();
  });

  it("ignores a result that nobody claimed", () => {
    const { world, id } = launched();
    world.claim(id, world.boot());
    world.finish(id);
    world.runs.get(id)!.claim = null;

    expect(world.plan().notes.map(({ code }) => code)).toContain("result-foreign");
  });

  it("takes a result whose claim no tick had seen", () => {
    const { world, id } = launched();
    const instance = world.boot();
    world.claim(id, instance);
    world.finish(id);
    world.tick();

    expect(world.history.get(id)).toMatchObject({ state: "succeeded", holder: { instance } });
  });

  it("keeps what was live before when the live digest is deployed again", () => {
    const world = new World().push("dga-network", "z");
    world.tick();
    world.run();
    world.push("dga-network", "a").tick();
    world.run();
    world.push("dga-network", "b").tick();
    world.run({ outcome: "failed", exitCode: 1, steps: [{ step: "apply", exitCode: 1, seconds: 1 }] });
    world.push("dga-network", "a").tick();
    world.run();

    expect(world.ledger.images["dga-network"]).toMatchObject({
      live: { digest: digest("a") },
      previous: { digest: digest("z") },
    });
  });

  it("blocks where a claim of another epoch is in the way, once every instance is gone", () => {
    const { world, id } = launched();
    const instance = world.boot();
    world.claim(id, instance);
    const run = world.runs.get(id)!;
    run.claim = { at: world.now, value: { ...run.claim!.value, epoch: 99 } };
    world.kill(instance);
    world.ticks(12);

    expect(world.history.get(id)).toMatchObject({ state: "unknown", failure: { code: "claim-invalid" } });
  });

  it("is not held by a claim of another epoch", () => {
    const { world, id } = launched();
    world.claim(id, world.boot());
    const run = world.runs.get(id)!;
    run.claim = { at: world.now, value: { ...run.claim!.value, epoch: 99 } };
    const plan = world.tick();

    expect(plan.notes.map(({ code }) => code)).toContain("claim-invalid");
    expect(world.started()).toMatchObject({ state: "launching", holder: null });
  });

  it("stays as it is while its run can not be read", () => {
    const { world, id } = launched();
    world.claim(id, world.boot());
    world.finish(id);
    world.unreadable.add("runs");
    const plan = world.tick();

    expect(plan.notes.map(({ code }) => code)).toContain("run-unreadable");
    expect(world.started().id).toBe(id);
  });

  it("goes on being watched by its known holder when the claim can no longer be read", () => {
    const { world, id } = launched();
    world.claim(id, world.boot());
    world.tick();
    world.runs.get(id)!.invalid.claim = "not JSON";
    world.tick();

    expect(world.started()).toMatchObject({ state: "running", phase: "claimed" });
  });

  it("goes on when its image is no longer mapped", () => {
    const { world, id } = launched();
    world.claim(id, world.boot());
    world.slice = { ...world.slice, images: {} };
    world.tick();
    world.finish(id);
    world.tick();

    expect(world.ledger.images["dga-network"]?.live?.digest).toBe(digest("a"));
  });
});
