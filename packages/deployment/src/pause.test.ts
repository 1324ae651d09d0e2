import { describe, expect, it } from "vitest";
import { SITE_AFTER_NETWORK, sliceOf, WEB } from "./testing/slices.ts";
import { digest, World } from "./testing/world.ts";

const CLOSED = 'window: { hours: "09:00-17:00" }';

function codes(plan: ReturnType<World["plan"]>): readonly string[] {
  return plan.notes.map(({ code }) => code);
}

describe("a paused area", () => {
  it("starts nothing, and every image that waits says who paused it and why", () => {
    const world = new World(sliceOf(`${SITE_AFTER_NETWORK}${WEB}`));
    world.push("dga-network", "n").push("dga-site", "s").push("dga-web", "w");
    world.controlArea("pause", "an audit");
    const plans = world.ticks(5);

    expect(plans.flatMap(({ launched }) => launched)).toEqual([]);
    const paused = { kind: "paused", request: { by: "ann", reason: "an audit", control: "c-1" } };
    expect(plans.at(-1)?.reasons).toMatchObject({ "dga-network": paused, "dga-site": paused, "dga-web": paused });
    expect(world.ledger.pause).toMatchObject({ by: "ann", reason: "an audit", at: "2026-11-24T00:00:00.000Z" });
  });

  it("lets go on what runs, and makes it live", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.controlArea("pause");
    world.run();

    expect(world.ledger.images["dga-network"]?.live).toMatchObject({ digest: digest("a") });
    expect(world.push("dga-network", "b").tick().reasons["dga-network"]).toMatchObject({ kind: "paused" });
  });

  it("says live of what is live", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.run();
    world.controlArea("pause");

    expect(world.tick().reasons["dga-network"]).toEqual({ kind: "live" });
  });

  it("does not try again what was interrupted before a person resumes it", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.controlArea("pause");
    world.run({ outcome: "interrupted", exitCode: 1 }, "planning");
    expect(world.ticks(30).flatMap(({ launched }) => launched)).toEqual([]);

    world.controlArea("resume");
    expect(world.tick().launched).toHaveLength(1);
    expect(world.ledger.pause).toBeNull();
  });

  it("takes no deploy-now, and forgets one that was given before", () => {
    const world = new World(sliceOf(undefined, CLOSED)).push("dga-network", "a");
    world.tick();
    world.group.desired = 1;
    world.crashBefore.add("retire");
    world.control({ kind: "deploy-now", image: "dga-network" });
    world.tick();
    expect(world.ledger.images["dga-network"]?.deployNow).not.toBeNull();
    world.controlArea("pause");
    world.control({ kind: "deploy-now", image: "dga-network" });
    const plan = world.tick();
    expect(plan.notes.map(({ message }) => message)).toContain(
      "deploy-now by ann changed nothing: the area is paused: resume it first",
    );
    expect(world.ledger.images["dga-network"]?.deployNow).toBeNull();

    world.group.desired = 0;
    world.controlArea("resume");
    expect(world.ticks(3).flatMap(({ launched }) => launched)).toEqual([]);
  });

  it("takes every other control", () => {
    const world = new World().push("dga-network", "a");
    world.controlArea("pause");
    world.tick();
    world.control({ kind: "hold", image: "dga-network", digest: digest("b") });
    world.tick();

    expect(world.ledger.images["dga-network"]?.hold).toMatchObject({ digest: digest("b") });
  });
});

describe("pause and resume", () => {
  it("say whether they changed anything, of no image", () => {
    const world = new World();
    world.controlArea("resume");
    expect(world.tick().notes).toContainEqual({
      code: "control-without-effect",
      image: null,
      message: "resume by ann changed nothing: the area is not paused",
    });
    world.controlArea("pause", "an audit");
    expect(world.tick().notes).toContainEqual({
      code: "control-applied",
      image: null,
      message: "pause by ann: an audit",
    });
    world.controlArea("pause", "another");
    expect(codes(world.tick())).toContain("control-without-effect");
    expect(world.ledger.pause).toMatchObject({ reason: "an audit" });
  });

  it("of one tick are taken in the order in which they were asked for", () => {
    const world = new World().push("dga-network", "a");
    world.controlArea("pause");
    world.controlArea("resume");

    expect(world.tick().launched).toHaveLength(1);
    expect(world.ledger.pause).toBeNull();
  });
});
