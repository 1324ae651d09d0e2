import { describe, expect, it } from "vitest";
import { sliceOf } from "./testing/slices.ts";
import { digest, World } from "./testing/world.ts";

function live(letter = "a"): World {
  const world = new World().push("dga-network", letter);
  world.tick();
  world.run();
  return world;
}

function noteCodes(plan: ReturnType<World["plan"]>): readonly string[] {
  return plan.notes.map(({ code }) => code);
}

describe("controls", () => {
  it("are applied once, though their object stays listed", () => {
    const world = live();
    world.crashBefore.add("delete-control");
    const id = world.control({ kind: "hold", image: "dga-network" });
    const first = world.tick();
    const second = world.tick();

    expect(noteCodes(first)).toContain("control-applied");
    expect(noteCodes(second)).not.toContain("control-applied");
    expect(second.actions.map(({ kind }) => kind)).toEqual(["delete-control"]);
    expect(Object.keys(world.ledger.appliedControls)).toEqual([id]);
  });

  it("are not applied again where a writer whose reply was lost writes them once more, within a day", () => {
    const world = live();
    world.control({ kind: "hold", image: "dga-network" });
    const written = [...world.controls];
    world.ticks(2);
    expect(world.controls).toEqual([]);

    world.controls = written;
    expect(noteCodes(world.tick())).not.toContain("control-applied");
  });

  it("are forgotten a day after they were applied, once no listing has them", () => {
    const world = live();
    world.control({ kind: "hold", image: "dga-network" });
    world.tick();
    world.pass(24 * 60).tick();

    expect(world.ledger.appliedControls).toEqual({});
  });

  it("are remembered for longer than a day while they are listed", () => {
    const world = live();
    world.crashBefore.add("delete-control");
    const id = world.control({ kind: "hold", image: "dga-network" });
    world.tick();
    const plan = world.pass(48 * 60).tick();

    expect(noteCodes(plan)).not.toContain("control-applied");
    expect(Object.keys(world.ledger.appliedControls)).toEqual([id]);
  });

  it("are applied once where the same id lies there twice", () => {
    const world = live();
    world.control({ kind: "hold", image: "dga-network" });
    const [listed] = world.controls;
    world.controls.push({ ...listed!, key: "controls/copy.json" });
    const plan = world.tick();

    expect(noteCodes(plan).filter((code) => code === "control-applied")).toHaveLength(1);
    expect(world.controls).toEqual([]);
  });

  it("start nothing, forget nothing and are kept while they can not be read", () => {
    const world = live();
    world.crashBefore.add("delete-control");
    const id = world.control({ kind: "unhold", image: "dga-network" });
    world.tick();
    world.unreadable.add("controls");
    world.push("dga-network", "b");
    const plan = world.tick();

    expect(noteCodes(plan)).toContain("controls-unreadable");
    expect(plan.launched).toEqual([]);
    expect(plan.reasons["dga-network"]).toEqual({ kind: "unreadable", what: "the controls" });
    expect(Object.keys(world.ledger.appliedControls)).toEqual([id]);
  });

  it("that are no controls are noted and left for people to see", () => {
    const world = live();
    world.controls.push({ key: "controls/x.json", control: { kind: "invalid", problem: "not JSON" } });

    expect(noteCodes(world.tick())).toContain("control-invalid");
    expect(world.controls).toHaveLength(1);
  });

  it("that name no image are noted and removed", () => {
    const world = live();
    world.control({ kind: "hold", image: "dga-netwrok" });

    expect(noteCodes(world.tick())).toContain("control-unknown-image");
    expect(world.controls).toEqual([]);
  });

  it.each(["unhold", "retry", "unblock", "cancel", "deploy-now"] as const)("say when a %s changes nothing", (kind) => {
    const world = live();
    world.control({ kind, image: "dga-network" });

    expect(noteCodes(world.tick())).toContain("control-without-effect");
  });
});

describe("hold", () => {
  it("keeps what is live, whatever the tag does, until unhold", () => {
    const world = live("a");
    world.control({ kind: "hold", image: "dga-network", reason: "audit" });
    world.tick();
    world.push("dga-network", "b");
    const plan = world.ticks(10).at(-1);

    expect(plan?.reasons["dga-network"]).toMatchObject({
      kind: "held",
      digest: digest("a"),
      request: { by: "ann", reason: "audit" },
    });
    expect(world.history.size).toBe(1);

    world.control({ kind: "unhold", image: "dga-network" });
    expect(world.tick().launched).toHaveLength(1);
    expect(world.started().digest).toBe(digest("b"));
  });

  it("deploys the digest that it names, with the commit that is known for it", () => {
    const world = live("a");
    world.push("dga-network", "b").tick();
    world.run();
    world.control({ kind: "hold", image: "dga-network", digest: digest("a") });
    world.tick();

    expect(world.started()).toMatchObject({ digest: digest("a"), commit: "commit-a" });
    world.run();
    expect(world.ticks(10).flatMap(({ launched }) => launched)).toEqual([]);
  });

  it("deploys a digest that Windlass has never seen, without a commit, even while the head can not be read", () => {
    const world = live("a");
    world.heads["dga-network"] = { kind: "unreadable", code: "x", message: "x" };
    world.control({ kind: "hold", image: "dga-network", digest: digest("z") });
    world.tick();

    expect(world.started()).toMatchObject({ digest: digest("z"), commit: null });
  });

  it("takes the commit of such a digest from whoever asks for it", () => {
    const world = live("a");
    world.control({ kind: "hold", image: "dga-network", digest: digest("z"), commit: "commit-z" });
    world.tick();

    expect(world.started()).toMatchObject({ digest: digest("z"), commit: "commit-z" });
  });

  it("does not make the failures of the head forgotten", () => {
    const world = live("a");
    world.push("dga-network", "b").tick();
    world.run({ outcome: "failed", exitCode: 1 }, "planning");
    world.control({ kind: "hold", image: "dga-network" });
    world.tick();
    world.control({ kind: "unhold", image: "dga-network" });

    expect(world.ticks(10).at(-1)?.reasons["dga-network"]).toMatchObject({ kind: "quarantined", outcome: "failed" });
  });

  it("does not make them forgotten by a success of the held digest either", () => {
    const world = live("a");
    world.push("dga-network", "b").tick();
    world.run({ outcome: "failed", exitCode: 1, steps: [{ step: "apply", exitCode: 1, seconds: 1 }] });
    world.control({ kind: "hold", image: "dga-network" });
    world.tick();
    expect(world.started().digest).toBe(digest("a"));
    world.run();
    world.control({ kind: "unhold", image: "dga-network" });

    expect(world.ticks(10).at(-1)?.reasons["dga-network"]).toMatchObject({ kind: "quarantined", outcome: "failed" });
  });

  it("deploys nothing where nothing was live", () => {
    const world = new World().push("dga-network", "a");
    world.control({ kind: "hold", image: "dga-network" });
    const plan = world.tick();

    expect(plan.launched).toEqual([]);
    expect(plan.reasons["dga-network"]).toMatchObject({ kind: "held", digest: null });
  });

  it("supersedes what is waiting", () => {
    const world = new World(sliceOf(undefined, 'window: { hours: "09:00-17:00" }')).push("dga-network", "a");
    world.tick();
    world.control({ kind: "hold", image: "dga-network" });
    world.tick();

    expect([...world.history.values()]).toMatchObject([{ state: "superseded" }]);
  });
});

describe("retry and unblock", () => {
  it("retry deploys a quarantined digest again, as a first attempt", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.run({ outcome: "failed", exitCode: 1 });
    world.control({ kind: "retry", image: "dga-network" });
    world.tick();

    expect(world.started()).toMatchObject({ digest: digest("a"), attempt: 1 });
  });

  it("unblock lets a blocked image deploy its head again", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.run({ outcome: "unknown", exitCode: null });
    world.control({ kind: "unblock", image: "dga-network" });
    world.tick();

    expect(world.started()).toMatchObject({ digest: digest("a") });
  });

  it.each(["retry", "unblock"] as const)(
    "%s leaves alone what has happened since the deployment that it names",
    (kind) => {
      const outcome = kind === "retry" ? ("failed" as const) : ("unknown" as const);
      const world = new World().push("dga-network", "a");
      world.tick();
      const first = world.run({ outcome, exitCode: 1 });
      world.control({ kind, image: "dga-network", deployment: first });
      world.tick();
      world.run({ outcome, exitCode: 1 });
      world.control({ kind, image: "dga-network", deployment: first });

      expect(noteCodes(world.tick())).toContain("control-without-effect");
      expect(world.ticks(20).flatMap(({ launched }) => launched)).toEqual([]);
    },
  );
});

describe("cancel", () => {
  it("ends a waiting deployment, and its digest is not tried again by itself", () => {
    const world = new World(sliceOf(undefined, 'window: { hours: "09:00-17:00" }')).push("dga-network", "a");
    world.tick();
    world.control({ kind: "cancel", image: "dga-network" });
    world.tick();
    const plan = world.pass(9 * 60).tick();

    expect([...world.history.values()]).toMatchObject([{ state: "cancelled", cancel: { by: "ann" } }]);
    expect(plan.reasons["dga-network"]).toEqual({ kind: "quarantined", outcome: "cancelled", attempts: 1, of: 1 });
  });

  it("takes the claim of a deployment that is launching", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    const { id } = world.started();
    world.control({ kind: "cancel", image: "dga-network", deployment: id });
    world.ticks(3);

    expect(world.history.get(id)).toMatchObject({ state: "cancelled", failure: { code: "cancelled" } });
    expect(world.group.desired).toBe(0);
  });

  it("asks a running deployment to stop, in each tick until it has, and takes its result", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    const { id } = world.started();
    world.claim(id, world.boot());
    world.tick();
    world.control({ kind: "cancel", image: "dga-network", reason: "wrong one" });

    const asked = { kind: "request-cancel", cancel: { deployment: id, by: "ann", reason: "wrong one" } };
    expect(world.tick().actions).toMatchObject([asked, { kind: "delete-control" }]);
    expect(world.tick().actions).toMatchObject([asked]);

    world.finish(id, { outcome: "cancelled", exitCode: 1 });
    world.tick();
    expect(world.history.get(id)).toMatchObject({ state: "cancelled" });
    expect(world.ticks(30).flatMap(({ launched }) => launched)).toEqual([]);
  });

  it.each([
    ["interrupted", "cancelled"],
    ["failed", "failed"],
  ] as const)("is not undone by a retry where the run ended %s", (outcome, state) => {
    const world = new World(sliceOf("\n  dga-network: { kind: terraform, retries: 3 }")).push("dga-network", "a");
    world.tick();
    const { id } = world.started();
    world.claim(id, world.boot());
    world.tick();
    world.control({ kind: "cancel", image: "dga-network" });
    world.tick();
    world.finish(id, { outcome, exitCode: 1 });
    world.tick();

    expect(world.history.get(id)).toMatchObject({ state });
    expect(world.ticks(60).flatMap(({ launched }) => launched)).toEqual([]);
  });

  it("leaves alone a deployment that it does not name", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.control({ kind: "cancel", image: "dga-network", deployment: "20200101t000000z-7" as never });

    expect(noteCodes(world.tick())).toContain("control-without-effect");
    expect(world.started().cancel).toBeNull();
  });
});

describe("deploy-now", () => {
  const closed = () => sliceOf(undefined, 'window: { hours: "09:00-17:00" }');

  it("starts the present head outside the window, once, and the deployment says by whom", () => {
    const world = new World(closed()).push("dga-network", "a");
    expect(world.tick().launched).toEqual([]);

    world.control({ kind: "deploy-now", image: "dga-network", reason: "hotfix" });
    expect(world.tick().launched).toHaveLength(1);
    expect(world.started().startedBy).toMatchObject({ by: "ann", reason: "hotfix" });

    world.run();
    expect(world.push("dga-network", "b").tick().launched).toEqual([]);
  });

  it("does not carry over to another head", () => {
    const world = new World(closed()).push("dga-network", "a");
    world.tick();
    world.group.desired = 1;
    world.control({ kind: "deploy-now", image: "dga-network" });
    world.crashBefore.add("retire");
    world.tick();
    world.push("dga-network", "b").tick();
    world.group.desired = 0;

    expect(world.ledger.images["dga-network"]?.deployNow).toBeNull();
    expect(world.tick().launched).toEqual([]);
  });

  it("has no effect while the very digest is being deployed, or where there is none", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.control({ kind: "deploy-now", image: "dga-network" });
    expect(noteCodes(world.tick())).toContain("control-without-effect");

    const empty = new World();
    empty.control({ kind: "deploy-now", image: "dga-network" });
    expect(noteCodes(empty.tick())).toContain("control-without-effect");
  });

  it("is withdrawn by a cancel", () => {
    const world = new World(closed()).push("dga-network", "a");
    world.tick();
    world.group.desired = 1;
    world.crashBefore.add("retire");
    world.control({ kind: "deploy-now", image: "dga-network" });
    world.tick();
    world.control({ kind: "cancel", image: "dga-network" });
    world.tick();
    world.group.desired = 0;
    world.control({ kind: "retry", image: "dga-network" });

    expect(world.ticks(3).flatMap(({ launched }) => launched)).toEqual([]);
  });

  it("does not stay armed for a blocked or quarantined image", () => {
    const blocked = new World().push("dga-network", "a");
    blocked.tick();
    blocked.run({ outcome: "unknown", exitCode: null });
    blocked.control({ kind: "deploy-now", image: "dga-network" });
    expect(noteCodes(blocked.tick())).toContain("control-without-effect");
    expect(blocked.ledger.images["dga-network"]?.deployNow).toBeNull();

    const quarantined = new World().push("dga-network", "a");
    quarantined.tick();
    quarantined.run({ outcome: "failed", exitCode: 1 });
    quarantined.control({ kind: "deploy-now", image: "dga-network" });
    expect(noteCodes(quarantined.tick())).toContain("control-without-effect");
  });

  it("allows the next head while another digest is still being deployed", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.push("dga-network", "b");
    world.control({ kind: "deploy-now", image: "dga-network" });
    world.tick();

    expect(world.ledger.images["dga-network"]?.deployNow).toMatchObject({ digest: digest("b") });
  });
});
