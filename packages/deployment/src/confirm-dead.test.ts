import { describe, expect, it } from "vitest";
import { World } from "./testing/world.ts";

/** A deployment that told that it failed, while its instance is still there. */
function failed() {
  const world = new World().push("dga-network", "a");
  world.tick();
  const { id } = world.started();
  const instance = world.boot();
  world.claim(id, instance);
  world.lease(id, "applying");
  world.tick();
  world.finish(id, { outcome: "unknown", exitCode: 137 });
  const record = () => world.ledger.images["dga-network"]!;
  return { world, id, instance, record };
}

describe("a deployment that ended without success", () => {
  it("is dead once EC2 says that its instance is, so that the next one may break its lock", () => {
    const { world, id, instance, record } = failed();
    world.ec2.set(instance, { kind: "state", state: "shutting-down" });
    world.ticks(3);

    expect(record()).toMatchObject({ dead: [], leaving: [{ deployment: id, instance }] });

    world.ec2.set(instance, { kind: "state", state: "terminated" });
    world.tick();

    expect(record()).toMatchObject({ dead: [{ deployment: id, instance }], leaving: [] });

    world.control({ kind: "unblock", image: "dga-network" });
    world.push("dga-network", "b").tick();
    const next = world.started();

    expect(world.runs.get(next.id)?.assignment?.confirmedDead).toEqual([id]);
    expect(next.id).not.toBe(id);
  });

  it("is asked about no more once it is dead, nor while the group has its instance in service", () => {
    const { world, instance } = failed();
    world.tick();
    world.tick();
    expect(Object.keys(world.seen!.instances)).toEqual([instance]);
    world.tick();
    expect(world.seen!.instances).toEqual({});

    const other = failed();
    other.world.group.instances = [{ id: other.instance, lifecycle: "InService", protectedFromScaleIn: true }];
    other.world.ec2.set(other.instance, { kind: "state", state: "running" });
    other.world.ticks(2);

    expect(other.world.seen!.instances).toEqual({});
    expect(other.record().leaving).toHaveLength(1);
  });

  it("is not dead for an answer that EC2 could not give, or that it forgot the instance within an hour", () => {
    const { world, instance, record } = failed();
    world.unreadable.add("ec2");
    world.ticks(5);
    world.unreadable.delete("ec2");
    world.ec2.set(instance, { kind: "not-found" });
    world.ticks(30);

    expect(record().dead).toEqual([]);

    world.pass(60);
    world.tick();
    expect(record().dead).toEqual([]);
    world.tick();
    expect(record()).toMatchObject({ dead: [{ instance }], leaving: [] });
  });

  it("leaves nothing to be asked where a later deployment succeeded", () => {
    const { world, instance, record } = failed();
    world.unreadable.add("ec2");
    world.tick();
    world.control({ kind: "unblock", image: "dga-network" });
    world.push("dga-network", "b").tick();
    expect(record().leaving).toMatchObject([{ instance }]);
    world.run();

    expect(record()).toMatchObject({ dead: [], leaving: [] });
  });
});
