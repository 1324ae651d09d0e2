import { describe, expect, it } from "vitest";
import { deploymentIdSchema } from "./identifiers.ts";
import { World } from "./testing/world.ts";

function running(phase: "planning" | "applying" | "saving" | null = "planning") {
  const world = new World().push("dga-network", "a");
  world.tick();
  const { id } = world.started();
  const instance = world.boot();
  world.claim(id, instance);
  if (phase !== null) world.lease(id, phase);
  world.tick();
  return { world, id, instance };
}

function actionsOf(plan: ReturnType<World["plan"]>): readonly string[] {
  return plan.actions.map(({ kind }) => kind);
}

describe("the watchdog", () => {
  it("leaves a renewed lease alone for ever", () => {
    const { world, id } = running("applying");
    for (let minute = 0; minute < 600; minute += 1) {
      world.lease(id, "applying");
      expect(actionsOf(world.tick())).toEqual([]);
    }
  });

  it("ends the instance when two ticks in a row saw the lease expired, and not before", () => {
    const { world, instance } = running();
    world.crashBefore.add("terminate");
    world.ticks(3);
    expect(actionsOf(world.tick())).toEqual([]);
    expect(world.started().leaseExpiredSince).not.toBeNull();

    expect(world.tick().actions).toMatchObject([{ kind: "terminate", instance }]);
  });

  it("counts the claim as the first lease", () => {
    const { world, instance } = running(null);
    world.crashBefore.add("terminate");
    world.ticks(4);

    expect(world.tick().actions).toMatchObject([{ kind: "terminate", instance }]);
  });

  it("does not take a burst of ticks for two sightings", () => {
    const { world } = running();
    world.ticks(4);
    const burst = Array.from({ length: 5 }, () => {
      world.pass(-1);
      return world.tick();
    });

    expect(burst.flatMap(actionsOf)).toEqual([]);
  });

  it("lets go where the lease is renewed between the two sightings, or before the instance ended", () => {
    const { world, id } = running();
    world.crashBefore.add("terminate");
    world.ticks(4);
    world.lease(id, "planning");
    world.tick();
    expect(world.started().leaseExpiredSince).toBeNull();

    world.ticks(6);
    expect(world.started().endingSince).not.toBeNull();
    world.lease(id, "planning");
    expect(actionsOf(world.tick())).toEqual([]);
    expect(world.started().endingSince).toBeNull();
  });

  it("goes on ending the instance until EC2 says that it is terminated", () => {
    const { world, instance } = running();
    world.crashBefore.add("terminate");
    world.ticks(6);

    expect(world.tick().actions).toMatchObject([{ kind: "terminate", instance }]);
    world.ec2.set(instance, { kind: "state", state: "shutting-down" });
    expect(world.tick().ended).toEqual([]);
  });

  it.each([
    ["planning", "lost"],
    ["applying", "unknown"],
    ["saving", "unknown"],
  ] as const)("calls a run whose instance ended while %s %s", (phase, outcome) => {
    const { world, id, instance } = running(phase);
    world.kill(instance);
    world.tick();

    expect(world.history.get(id)).toMatchObject({ state: outcome });
  });

  it("tries a lost run again, a minute later", () => {
    const { world, instance } = running();
    world.kill(instance);
    world.ticks(2);

    expect(world.started()).toMatchObject({ attempt: 2 });
  });

  it("gives up a digest that gets lost four times", () => {
    const { world, instance } = running();
    world.kill(instance);
    for (let minute = 0; minute < 60; minute += 1) {
      if (world.tick().launched.length === 0) continue;
      const again = world.boot();
      world.claim(world.started().id, again);
      world.tick();
      world.kill(again);
    }

    expect(world.history.size).toBe(4);
    expect(world.plan().reasons["dga-network"]).toEqual({ kind: "quarantined", outcome: "lost", attempts: 4, of: 4 });
  });

  it("calls a cancelled run whose instance ended before applying cancelled", () => {
    const { world, id, instance } = running();
    world.control({ kind: "cancel", image: "dga-network" });
    world.tick();
    world.kill(instance);
    world.tick();

    expect(world.history.get(id)).toMatchObject({ state: "cancelled" });
  });

  it("takes the result of a run that wrote it before its instance ended", () => {
    const { world, id } = running("applying");
    world.finish(id);
    world.tick();

    expect(world.history.get(id)).toMatchObject({ state: "succeeded" });
  });

  it("counts an instance that EC2 forgot as terminated only twice, and only an hour after launch", () => {
    const { world, id, instance } = running("planning");
    world.group.instances = [];
    world.ec2.delete(instance);
    world.crashBefore.add("terminate");
    for (let minute = 0; minute < 57; minute += 1) {
      world.lease(id, "planning");
      expect(world.tick().ended).toEqual([]);
    }
    world.ticks(2);
    expect(world.history.size).toBe(0);
    world.tick();
    expect(world.started().instanceUnknownSince).not.toBeNull();

    world.tick();
    expect(world.history.get(id)).toMatchObject({ state: "lost" });
  });

  it("forgets that EC2 did not know the instance when EC2 knows it again", () => {
    const { world, id, instance } = running("planning");
    world.group.instances = [];
    world.ec2.delete(instance);
    world.pass(70);
    world.lease(id, "planning");
    world.tick();
    expect(world.started().instanceUnknownSince).not.toBeNull();

    world.ec2.set(instance, { kind: "state", state: "running" });
    world.tick();
    expect(world.started().instanceUnknownSince).toBeNull();
  });

  it("decides nothing while EC2 can not be asked", () => {
    const { world, instance } = running("planning");
    world.kill(instance);
    world.unreadable.add("ec2");
    const plan = world.tick();

    expect(plan.notes.map(({ code }) => code)).toContain("instance-unreadable");
    expect(plan.ended).toEqual([]);
  });

  it("does not ask EC2 about an instance while the group can not be read", () => {
    const { world, instance } = running("planning");
    world.kill(instance);
    world.unreadable.add("group");

    expect(world.tick().ended).toEqual([]);
  });

  it("goes by the age of a lease whose content can not be read", () => {
    const { world, id, instance } = running("planning");
    world.runs.get(id)!.invalid.lease = "not JSON";
    for (let minute = 0; minute < 30; minute += 1) {
      world.lease(id, "planning");
      expect(actionsOf(world.tick())).toEqual([]);
    }

    expect(world.ticks(6).flatMap(({ actions }) => actions)).toContainEqual(
      expect.objectContaining({ kind: "terminate", instance }),
    );
  });

  it("takes a run whose lease can not be read for one that may have applied", () => {
    const { world, id, instance } = running("planning");
    world.runs.get(id)!.invalid.lease = "not JSON";
    world.kill(instance);
    world.tick();

    expect(world.history.get(id)).toMatchObject({ state: "unknown" });
  });

  it("ends no instance whose claim and lease are both unknown", () => {
    const { world, id } = running(null);
    world.runs.get(id)!.claim = null;

    const plans = world.ticks(30);
    expect(plans.flatMap(actionsOf)).toEqual([]);
    expect(plans.at(-1)?.notes.map(({ code }) => code)).toContain("lease-unknown");
  });

  it("remembers whose instance ended, until a deployment of that image succeeds", () => {
    const { world, id, instance } = running("planning");
    world.kill(instance);
    world.ticks(2);

    expect(world.ledger.images["dga-network"]?.dead).toEqual([{ deployment: id, instance, at: expect.any(String) }]);
    const second = world.started();
    expect(world.runs.get(second.id)?.assignment).toMatchObject({ confirmedDead: [id], expectsState: false });

    const other = world.boot();
    world.claim(second.id, other);
    world.lease(second.id, "planning");
    world.tick();
    world.kill(other);
    world.ticks(6);
    const third = world.started();
    expect(world.runs.get(third.id)?.assignment).toMatchObject({ confirmedDead: [id, second.id] });

    world.run();
    expect(world.ledger.images["dga-network"]?.dead).toEqual([]);
  });

  it("remembers no more than twenty, the newest last", () => {
    const { world, instance } = running("planning");
    const image = world.ledger.images["dga-network"]!;
    const at = world.started().waitingSince;
    const dead = Array.from({ length: 20 }, (_, index) => ({
      deployment: deploymentIdSchema.parse(`20261101t000000z-${index + 1}`),
      instance: `i-old-${index}`,
      at,
    }));
    world.ledger = { ...world.ledger, images: { "dga-network": { ...image, dead } } };
    world.kill(instance);
    world.tick();

    const now = world.ledger.images["dga-network"]!.dead;
    expect(now).toHaveLength(20);
    expect(now[0]).toEqual(dead[1]);
    expect(now.at(-1)).toMatchObject({ instance });
  });

  it("remembers nobody as dead who succeeded, or whose claim the Lambda took", () => {
    const { world, id } = running("applying");
    world.finish(id);
    world.tick();
    world.push("dga-network", "b").ticks(30);

    expect([...world.history.values()].map(({ state }) => state)).toContain("never-started");
    expect(world.ledger.images["dga-network"]?.dead).toEqual([]);
  });

  it("does not take another's lease for its own", () => {
    const { world, id } = running("planning");
    const run = world.runs.get(id)!;
    run.lease = { at: world.now, value: { ...run.lease!.value, nonce: "other", phase: "applying" } };
    world.tick();

    expect(world.started().phase).toBe("planning");
  });
});
