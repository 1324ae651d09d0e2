import { describe, expect, it } from "vitest";
import { World } from "./testing/world.ts";

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
