import { describe, expect, it } from "vitest";
import { emptyLedger } from "./ledger-file.ts";
import { SCOPE, World } from "./testing/world.ts";

function actionsOf(plan: ReturnType<World["plan"]>): readonly string[] {
  return plan.actions.map(({ kind }) => kind);
}

describe("the deploy group", () => {
  it("is left alone, and the ledger unchanged, when there is nothing to do", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.run();
    const plan = world.plan();

    expect(plan.actions).toEqual([]);
    expect(plan.ledger).toBe(world.ledger);
  });

  it("goes back to 0 when no deployment needs it, with a commit that an overlapping tick would lose", () => {
    const world = new World();
    world.group.desired = 1;
    const before = world.ledger;
    const plan = world.tick();

    expect(actionsOf(plan)).toEqual(["retire"]);
    expect(plan.ledger.updatedAt).not.toBe(before.updatedAt);
  });

  it("has an instance that works for no deployment ended after ten minutes", () => {
    const world = new World();
    const stray = world.boot(true);
    world.ticks(10);
    expect(world.ledger.strays).toEqual({ [stray]: "2026-11-24T00:01:00.000Z" });

    expect(world.tick().actions).toMatchObject([{ kind: "terminate", instance: stray }]);
    world.tick();
    expect(world.ledger.strays).toEqual({});
  });

  it("has a second instance ended, and never the holder of the claim", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    const { id } = world.started();
    const holder = world.boot();
    const second = world.boot();
    world.claim(id, holder);
    const ended = new Set<string>();
    for (let minute = 0; minute < 30; minute += 1) {
      world.lease(id, "applying");
      for (const action of world.tick().actions) if (action.kind === "terminate") ended.add(action.instance);
    }

    expect([...ended]).toEqual([second]);
  });

  it("leaves the capacity alone when it ends an instance beside a deployment at work", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    const { id } = world.started();
    world.claim(id, world.boot());
    const second = world.boot();
    world.crashBefore.add("terminate");
    for (let minute = 0; minute < 12; minute += 1) {
      world.lease(id, "applying");
      world.tick();
    }

    expect(world.plan().actions).toMatchObject([{ kind: "terminate", instance: second, decrement: false }]);
  });

  it("never has an instance ended that renews the lease of a run that the ledger lost", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    const { id } = world.started();
    const holder = world.boot();
    world.claim(id, holder);
    world.heads["dga-network"] = { kind: "absent", missing: "tag" };
    world.ledger = emptyLedger(SCOPE, new Date(world.now));
    for (let minute = 0; minute < 30; minute += 1) {
      world.lease(id, "applying");
      const plan = world.tick();
      expect(actionsOf(plan)).not.toContain("terminate");
      expect(plan.notes.map(({ code }) => code)).toContain("stranger-alive");
    }
    world.unreadable.add("runs");
    expect(world.ticks(30).flatMap(actionsOf)).not.toContain("terminate");

    world.unreadable.clear();
    expect(world.ticks(17).flatMap(({ actions }) => actions)).toContainEqual(
      expect.objectContaining({ kind: "terminate", instance: holder }),
    );
  });

  it("takes any instance for the holder of a lost run whose claim can not be read, while it is renewed", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    const { id } = world.started();
    world.claim(id, world.boot());
    world.heads["dga-network"] = { kind: "absent", missing: "tag" };
    world.runs.get(id)!.invalid.claim = "not JSON";
    world.ledger = emptyLedger(SCOPE, new Date(world.now));
    for (let minute = 0; minute < 30; minute += 1) {
      world.lease(id, "applying");
      expect(actionsOf(world.tick())).not.toContain("terminate");
    }
  });

  it("has an instance ended that EC2 Auto Scaling retains in the middle of its termination", () => {
    const world = new World();
    world.boot(true);
    world.group.instances = [{ id: "i-1", lifecycle: "Terminating:Retained", protectedFromScaleIn: false }];

    expect(world.ticks(11).flatMap(actionsOf)).toContain("terminate");
  });

  it("keeps every instance while a deployment is launching: any may be the one", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.boot();
    world.boot();

    expect(world.ticks(9).flatMap(actionsOf)).toEqual([]);
  });

  it("does not count instances that are leaving", () => {
    const world = new World();
    world.boot();
    world.group.instances = [
      { id: "i-1", lifecycle: "Terminating:Wait", protectedFromScaleIn: false },
      { id: "i-2", lifecycle: "Detaching", protectedFromScaleIn: false },
    ];
    world.ticks(2);

    expect(world.ledger.strays).toEqual({});
  });

  it("is not touched while it can not be read, and says so", () => {
    const world = new World();
    world.group.desired = 1;
    world.unreadable.add("group");
    const plan = world.tick();

    expect(plan.actions).toEqual([]);
    expect(plan.notes).toMatchObject([{ code: "group-unreadable" }]);
  });

  it("says when EC2 Auto Scaling has suspended Launch", () => {
    const world = new World();
    world.group.suspendedProcesses.push("Launch");

    expect(world.tick().notes).toMatchObject([{ code: "launch-suspended" }]);
  });
});
