import { describe, expect, it } from "vitest";
import { planTick } from "./plan-tick.ts";
import { sliceOf } from "./testing/slices.ts";
import { digest, World } from "./testing/world.ts";

function launched(): World {
  const world = new World().push("dga-network", "a");
  world.tick();
  return world;
}

function actionsOf(plan: ReturnType<World["plan"]>): readonly string[] {
  return plan.actions.map(({ kind }) => kind);
}

describe("a launch", () => {
  it("assigns exactly what was decided", () => {
    const world = new World().push("dga-network", "a");
    const [action] = world.tick().actions;

    expect(action).toEqual({
      kind: "launch",
      assignment: {
        schema: 1,
        deployment: "20261124t000100z-1",
        epoch: 1,
        workload: "dataGov",
        area: "scratch",
        account: "222222222222",
        region: "ap-southeast-2",
        image: "dga-network",
        kind: "terraform",
        digest: digest("a"),
        commit: "commit-a",
        registry: { account: "111111111111", region: "ap-southeast-2" },
        repository: "dga-network",
        timeoutSeconds: 3600,
        state: "image",
        entrypoint: null,
        variables: {},
        branch: "Develop",
        github: null,
        expectsState: false,
        confirmedDead: [],
        decidedAt: "2026-11-24T00:01:00.000Z",
      },
    });
  });

  it("assigns what the mapping says of the image's own entry point, its state and its reports", () => {
    const image = "{ kind: terraform, state: store, entrypoint: [apply-no-color], github: iac }";
    const mapped = sliceOf(`\n  dga-network: ${image}\ngithub: { organization: AusDTO }`);
    const world = new World(mapped).push("dga-network", "a");

    expect(world.tick().actions).toMatchObject([
      {
        assignment: {
          state: "store",
          entrypoint: ["apply-no-color"],
          github: { organization: "AusDTO", repository: "iac" },
        },
      },
    ]);
  });

  it("is made again where the tick died between its commit and the launch", () => {
    const world = new World().push("dga-network", "a");
    world.crashBefore.add("launch");
    world.tick();
    world.crashBefore.clear();
    const plan = world.tick();

    expect(plan.launched).toEqual([]);
    expect(actionsOf(plan)).toEqual(["launch"]);
    expect(world.group.desired).toBe(1);
  });

  it("is not made again while capacity is wanted or an instance is there", () => {
    const world = launched();
    expect(actionsOf(world.tick())).toEqual([]);

    world.boot(true);
    world.group.desired = 0;
    expect(actionsOf(world.tick())).toEqual([]);
  });

  it("is not made again while the group can not be read", () => {
    const world = launched();
    world.group.desired = 0;
    world.unreadable.add("group");

    expect(actionsOf(world.tick())).toEqual([]);
  });

  it("is not made again after its instance left without a claim: it is tried again later", () => {
    const world = launched();
    const { id } = world.started();
    const instance = world.boot();
    world.tick();
    world.kill(instance);
    world.ticks(2);

    expect(world.history.get(id)).toMatchObject({ state: "never-started", failure: { code: "instance-left" } });
    expect(world.tick().launched).toHaveLength(1);
  });

  it("is not made after the window closed, where it never was", () => {
    const slice = sliceOf(undefined, 'window: { hours: "09:00-17:00" }');
    const world = new World(slice, "2026-11-24T16:58:00.000Z").push("dga-network", "a");
    world.crashBefore.add("launch");
    world.tick();
    const { id } = world.started();
    world.ticks(2);

    expect(world.history.get(id)).toMatchObject({ state: "never-started", failure: { code: "window-closed" } });
  });

  it("is made late where a person allowed it outside the window", () => {
    const world = new World(sliceOf(undefined, 'window: { hours: "09:00-17:00" }')).push("dga-network", "a");
    world.control({ kind: "deploy-now", image: "dga-network" });
    world.crashBefore.add("launch");
    world.tick();
    world.crashBefore.clear();

    expect(actionsOf(world.tick())).toContain("launch");
  });

  it("is not ended by a launch failure that has ended another", () => {
    const world = launched();
    world.launchFailures = [{ at: world.instant(), code: "InsufficientInstanceCapacity", message: "none" }];
    world.ticks(3);
    expect(world.started().attempt).toBe(2);
    world.tick();
    expect(world.started().closing).toBeNull();

    world.launchFailures.push({ at: world.instant(), code: "InsufficientInstanceCapacity", message: "again" });
    world.tick();
    expect(world.started().closing).toMatchObject({ message: "again" });
  });

  it("counts several launch failures once, whatever their order", () => {
    const world = launched();
    const older = { at: world.instant(), code: "InsufficientInstanceCapacity", message: "first zone" };
    const newer = { at: world.pass(1).instant(), code: "InsufficientInstanceCapacity", message: "second zone" };
    world.launchFailures = [newer, older];
    world.ticks(4);

    expect([...world.history.values()]).toMatchObject([{ failure: { message: "second zone" } }]);
    expect(world.started()).toMatchObject({ attempt: 2, closing: null });
  });

  it("is not made again for an image that is no longer mapped", () => {
    const world = launched();
    world.group.desired = 0;
    world.slice = { ...world.slice, images: {} };

    expect(actionsOf(world.tick())).toEqual([]);
  });

  it("ends never-started after the boot deadline, when the Lambda has taken the claim, and capacity goes back to 0", () => {
    const world = launched();
    const { id } = world.started();
    world.ticks(9);
    expect(world.started().closing).toBeNull();

    expect(actionsOf(world.tick())).toEqual(["close-claim"]);
    expect(world.started()).toMatchObject({ state: "launching", closing: { code: "boot-deadline" } });

    expect(actionsOf(world.tick())).toEqual(["retire", "append-history"]);
    expect(world.history.get(id)).toMatchObject({ state: "never-started", failure: { code: "boot-deadline" } });
    expect(world.group.desired).toBe(0);
  });

  it("is running after all where an instance won the claim from the Lambda", () => {
    const world = launched();
    const { id } = world.started();
    world.crashBefore.add("close-claim");
    world.ticks(10);
    world.claim(id, world.boot());
    world.tick();

    expect(world.started()).toMatchObject({ id, state: "running", closing: null });
  });

  it("takes the claim in a later tick where the first died before it", () => {
    const world = launched();
    world.crashBefore.add("close-claim");
    world.ticks(10);

    expect(actionsOf(world.tick())).toEqual(["close-claim"]);
  });

  it("ends early, with EC2's own reason, where there is no capacity", () => {
    const world = launched();
    const { id } = world.started();
    world.launchFailures = [
      { at: world.instant(), code: "InsufficientInstanceCapacity", message: "no t4g.small in this zone" },
    ];
    world.ticks(2);

    expect(world.history.get(id)).toMatchObject({
      state: "never-started",
      failure: { code: "InsufficientInstanceCapacity" },
    });
  });

  it("does not end for a launch failure once an instance is there", () => {
    const world = launched();
    const launchFailures = [{ at: world.instant(), code: "InsufficientInstanceCapacity", message: "first zone" }];
    world.boot();
    const plan = planTick(world.ledger, { ...world.observe(), launchFailures }, world.slice, new Date(world.now));

    expect(actionsOf(plan)).toEqual([]);
    expect(plan.ledger.launchFailureSeen).toBeNull();
  });

  it("is tried again 1, 5 and 15 minutes later, and then no more", () => {
    const world = launched();
    const starts: number[] = [];
    for (let minute = 0; minute < 240; minute += 1) {
      if (world.tick().launched.length > 0) starts.push(world.now);
    }

    const ends = [...world.history.values()].map(({ endedAt }) => Date.parse(endedAt ?? ""));
    expect(starts.map((start, index) => (start - (ends[index] ?? 0)) / 60_000)).toEqual([1, 5, 15]);
    expect(world.history.size).toBe(4);
    expect(world.plan().reasons["dga-network"]).toEqual({
      kind: "quarantined",
      outcome: "never-started",
      attempts: 4,
      of: 4,
    });
  });

  it("says when it will be tried again", () => {
    const world = launched();
    world.ticks(11);

    expect(world.plan().reasons["dga-network"]).toEqual({
      kind: "waiting-retry",
      notBefore: "2026-11-24T00:13:00.000Z",
      outcome: "never-started",
      attempt: 2,
      of: 4,
    });
  });

  it("waits for the end of every instance where its claim can not be read, and then blocks", () => {
    const world = launched();
    const { id } = world.started();
    const instance = world.boot();
    world.claim(id, instance);
    world.runs.get(id)!.invalid.claim = "not JSON";
    for (let minute = 0; minute < 30; minute += 1) {
      world.lease(id, "planning");
      world.tick();
    }
    expect(world.started().id).toBe(id);

    world.kill(instance);
    const plan = world.tick();
    expect(plan.notes.map(({ code }) => code)).toContain("claim-invalid");
    expect(world.history.get(id)).toMatchObject({ state: "unknown", failure: { code: "claim-invalid" } });
  });

  it("has an idle instance ended where neither claim nor lease says whose it is, and then blocks", () => {
    const world = launched();
    const { id } = world.started();
    const instance = world.boot(true);
    world.claim(id, instance);
    world.lease(id, "planning");
    world.runs.get(id)!.invalid = { claim: "not JSON", lease: "not JSON" };
    const plans = world.ticks(18);

    expect(plans.flatMap(({ actions }) => actions)).toContainEqual(
      expect.objectContaining({ kind: "terminate", instance }),
    );
    expect(world.history.get(id)).toMatchObject({ state: "unknown", failure: { code: "claim-invalid" } });
  });

  it("does not block for a claim that can not be read before the boot deadline", () => {
    const world = launched();
    world.runs.get(world.started().id)!.invalid.claim = "not JSON";
    world.group.desired = 0;
    world.tick();

    expect(world.started().state).toBe("launching");
  });
});
