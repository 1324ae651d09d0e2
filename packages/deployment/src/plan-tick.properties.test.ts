import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planTick } from "./plan-tick.ts";
import { assigned, event, happen, held, NAMES, RETRIES, SLICE, story } from "./testing/story.ts";
import { digest, headOf, World } from "./testing/world.ts";
import { windowAt } from "./window.ts";

describe("planTick, whatever happens", () => {
  it("never has two Terraform deployments at once", () => {
    story((world) => {
      const started = Object.values(world.ledger.deployments).filter(
        ({ kind, state }) => kind === "terraform" && (state === "launching" || state === "running"),
      );
      expect(started.length).toBeLessThanOrEqual(1);
    });
  });

  it("never has two refreshes of one group, or two deployments of one image, at once", () => {
    story((world) => {
      const active = Object.values(world.ledger.deployments).filter(({ endedAt }) => endedAt === null);
      expect(new Set(active.map((one) => one.image)).size).toBe(active.length);
    });
  });

  it("never tries a digest more often than allowed without a person or another target in between", () => {
    const starts = new Map<string, number>();
    let world: World | undefined;
    story((current, plan, before) => {
      if (current !== world) starts.clear();
      world = current;
      for (const note of plan.notes)
        if (note.code === "control-applied" && note.image !== null) starts.delete(note.image);
      for (const name of NAMES) {
        const targets = [before, current.ledger].map(
          ({ images }) => images[name]?.hold?.digest ?? images[name]?.head?.digest,
        );
        const succeeded = plan.ended.some((one) => one.image === name && one.state === "succeeded");
        if (targets[0] !== targets[1] || succeeded) starts.delete(name);
      }
      for (const id of plan.launched) {
        const name = (current.ledger.deployments[id] ?? current.history.get(id))?.image ?? "";
        const count = (starts.get(name) ?? 0) + 1;
        starts.set(name, count);
        expect(count).toBeLessThanOrEqual(1 + (RETRIES[name] ?? 0) + 3);
      }
    });
  });

  it("never starts outside the window but for a deploy-now", () => {
    story((world, plan) => {
      const open = windowAt(SLICE.areas["scratch"]!, new Date(world.now)).kind === "open";
      for (const id of plan.launched) {
        const started = plan.ledger.deployments[id];
        expect(open || started?.startedBy !== null).toBe(true);
      }
    });
  });

  it("starts nothing more, and applies no control again, when its own result meets the same observation", () => {
    story((world) => {
      const first = world.plan();
      const second = planTick(first.ledger, world.observe(), world.slice, new Date(world.now));
      const repeated = planTick(
        first.ledger,
        { ...world.observe(), runs: {}, refreshes: {} },
        world.slice,
        new Date(world.now),
      );

      for (const plan of [second, repeated]) {
        expect(plan.launched).toEqual([]);
        expect(plan.notes.filter(({ code }) => code === "control-applied")).toEqual([]);
        expect(plan.actions.filter(({ kind }) => kind === "start-refresh")).toEqual([]);
      }
    }, 60);
  });

  it("neither launches, nor removes, nor makes live what it could not read", () => {
    story((world) => {
      const failed = { kind: "unreadable" as const, code: "x", message: "x" };
      const observation = world.observe();
      const all = (record: object) => Object.fromEntries(Object.keys(record).map((key) => [key, failed]));
      const blind = {
        heads: all(observation.heads),
        group: failed,
        controls: failed,
        runs: all(observation.runs),
        instances: all(observation.instances),
        launchFailures: [],
        groups: all(observation.groups),
        refreshes: all(observation.refreshes),
      };
      const plan = planTick(world.ledger, blind, world.slice, new Date(world.now));
      const harmless = ["append-history"];

      expect(plan.launched).toEqual([]);
      expect(plan.actions.filter(({ kind }) => !harmless.includes(kind))).toEqual([]);
      for (const name of NAMES) expect(plan.ledger.images[name]?.live).toEqual(world.ledger.images[name]?.live);
    }, 60);
  });

  it("ends no instance whose lease has not expired", () => {
    story((world, plan) => {
      for (const action of plan.actions) {
        if (action.kind !== "terminate") continue;
        const run = [...world.runs.values()].find(({ claim }) => claim?.value.instance === action.instance);
        const active =
          run?.assignment != null && plan.ledger.deployments[run.assignment.deployment]?.state === "running";
        if (!active) continue;
        const renewed = run.lease?.at ?? run.claim?.at ?? 0;
        expect((world.now - renewed) / 1000).toBeGreaterThanOrEqual(300);
      }
    });
  });

  it("makes live only what a claim's holder reported, or a refresh of ours brought", () => {
    story((world, plan, before) => {
      for (const name of NAMES) {
        const live = plan.ledger.images[name]?.live;
        if (live == null || live.deployment === before.images[name]?.live?.deployment) continue;
        const deployment = plan.ended.find(({ id }) => id === live.deployment)!;
        expect(deployment).toMatchObject({ state: "succeeded", digest: live.digest, image: name });
        if (deployment.kind === "instance-refresh") continue;
        expect(world.runs.get(live.deployment)?.result).toMatchObject({
          outcome: expect.stringMatching(/^(succeeded|noop)$/),
          exitCode: 0,
          digest: live.digest,
        });
      }
    });
  });

  it("hands out strictly growing epochs, and never changes an ended deployment", () => {
    story((world, plan, before) => {
      expect(world.ledger.epoch).toBeGreaterThanOrEqual(before.epoch);
      for (const deployment of Object.values(plan.ledger.deployments)) {
        expect(deployment.epoch).toBeLessThanOrEqual(plan.ledger.epoch);
        if (before.deployments[deployment.id] === undefined) expect(deployment.epoch).toBeGreaterThan(before.epoch);
        const was = before.deployments[deployment.id];
        if (was !== undefined && was.endedAt !== null) expect(deployment).toEqual(was);
      }
    });
  });

  it("decides the same from the same, and changes nothing that it was given", () => {
    story((world) => {
      const ledger = deepFreeze(structuredClone(world.ledger));
      const observation = deepFreeze(structuredClone(world.observe()));
      const now = new Date(world.now);

      expect(planTick(ledger, observation, SLICE, now)).toEqual(planTick(ledger, observation, SLICE, now));
    }, 60);
  });
});

describe("planTick, once faults stop", () => {
  it("brings every head live or says why not, and capacity back to 0", () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 10, maxLength: 80 }), (events) => {
        const world = new World(SLICE);
        world.groupsOf["web"] = ["web-asg"];
        for (const what of events) happen(world, what);
        settle(world);

        const reasons = world.plan().reasons;
        for (const name of NAMES) {
          expect(["live", "no-head", "quarantined", "blocked", "held", "waiting-dependency"]).toContain(
            reasons[name]?.kind,
          );
        }
        expect(world.group.desired).toBe(0);
        expect(world.group.instances).toEqual([]);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

/** Everything works from now on: instances boot and succeed, refreshes end well, reads answer. */
function settle(world: World): void {
  world.unreadable.clear();
  world.crashBefore.clear();
  world.loseEffects = false;
  world.controlArea("resume");
  world.launchFailures = [];
  for (const name of NAMES) if (world.heads[name]?.kind === "unreadable") world.heads[name] = headOf("c");
  for (let tick = 0; tick < 240; tick += 1) {
    // A quarter of an hour at a time: back-offs, boot deadlines and closed windows pass.
    world.pass(14);
    const [id] = assigned(world);
    if (world.group.desired > 0 && world.group.instances.length === 0) {
      const instance = world.boot();
      if (id === undefined || !world.claim(id, instance)) world.kill(instance);
    }
    for (const mine of held(world)) {
      if (world.runs.get(mine)?.result === null) world.finish(mine);
    }
    world.setRefresh("web-asg", "Successful", 100);
    world.tick();
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}

it("names digests by a letter", () => {
  expect(digest("a")).not.toBe(digest("b"));
});
