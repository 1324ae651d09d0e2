import { describe, expect, it } from "vitest";
import { SITE_AFTER_NETWORK, sliceOf } from "./testing/slices.ts";
import { digest, World } from "./testing/world.ts";

const THREE = `
  b-first: { kind: terraform }
  a-second: { kind: terraform }
  c-third: { kind: terraform, after: [b-first] }`;

function imagesStarted(world: World, ticks: number): readonly string[] {
  const started: string[] = [];
  world.tick();
  for (let run = 0; run < ticks; run += 1) {
    const going = Object.values(world.ledger.deployments).find(({ state }) => state === "launching");
    if (going === undefined) return started;
    started.push(going.image);
    world.run();
  }
  return started;
}

describe("the order of starts", () => {
  it("is: longest waiting first, dependencies before dependents, then by name", () => {
    const world = new World(sliceOf(THREE));
    world.push("c-third", "c").push("b-first", "b").push("a-second", "a");

    expect(imagesStarted(world, 10)).toEqual(["a-second", "b-first", "c-third"]);
  });

  it("lets who waits longer go first", () => {
    const world = new World(sliceOf(THREE, 'window: { hours: "09:00-17:00" }'));
    world.push("b-first", "b").tick();
    world.push("a-second", "a").tick();
    world.pass(9 * 60);

    expect(imagesStarted(world, 10)).toEqual(["b-first", "a-second"]);
  });

  it("starts one Terraform deployment at a time", () => {
    const world = new World(sliceOf(THREE)).push("b-first", "b").push("a-second", "a");
    const plan = world.tick();

    expect(plan.launched).toHaveLength(1);
    expect(plan.reasons["b-first"]).toEqual({ kind: "waiting-turn", behind: "a-second" });
    expect(world.ticks(5).flatMap(({ launched }) => launched)).toEqual([]);
  });
});

describe("a dependent", () => {
  it("waits until what it comes after is live, and says so", () => {
    const world = new World(sliceOf(SITE_AFTER_NETWORK)).push("dga-network", "n").push("dga-site", "s");
    const plan = world.tick();

    expect(world.started().image).toBe("dga-network");
    expect(plan.reasons["dga-site"]).toEqual({ kind: "waiting-dependency", on: "dga-network", because: null });
    world.run();
    expect(world.started().image).toBe("dga-site");
  });

  it.each([
    ["failed", { outcome: "failed", exitCode: 1 }, "quarantined: failed"],
    ["is blocked", { outcome: "unknown", exitCode: null }, "blocked: unknown"],
  ] as const)("waits for one that %s", (_, result, because) => {
    const world = new World(sliceOf(SITE_AFTER_NETWORK)).push("dga-network", "n").push("dga-site", "s");
    world.tick();
    world.run(result);

    expect(world.ticks(30).at(-1)?.reasons["dga-site"]).toEqual({
      kind: "waiting-dependency",
      on: "dga-network",
      because,
    });
  });

  it("waits for one that is held, that has no head, or whose head can not be read", () => {
    const world = new World(sliceOf(SITE_AFTER_NETWORK)).push("dga-site", "s");
    expect(world.tick().reasons["dga-site"]).toMatchObject({ because: "it has no head" });

    world.heads["dga-network"] = { kind: "unreadable", code: "denied", message: "denied" };
    expect(world.tick().reasons["dga-site"]).toMatchObject({ because: "its head could not be read" });

    world.control({ kind: "hold", image: "dga-network" });
    world.push("dga-network", "n");
    expect(world.tick().reasons["dga-site"]).toMatchObject({ because: "held by ann" });
  });

  it("waits for what its dependency comes after", () => {
    const chain = `${SITE_AFTER_NETWORK}\n  dga-app: { kind: terraform, after: [dga-site, dga-network] }`;
    const world = new World(sliceOf(chain)).push("dga-network", "n").push("dga-site", "s").push("dga-app", "p");
    expect(imagesStarted(world, 8)).toEqual(["dga-network", "dga-site", "dga-app"]);

    world.push("dga-app", "q").push("dga-network", "m").tick();
    expect(world.started().image).toBe("dga-network");
    expect(world.plan().reasons["dga-app"]).toMatchObject({ on: "dga-network" });
  });

  it("waits for a dependency that has gone from the slice", () => {
    const slice = sliceOf(SITE_AFTER_NETWORK);
    const { "dga-site": site } = slice.images;
    const world = new World({ ...slice, images: { "dga-site": site! } }).push("dga-site", "s");

    expect(world.tick().reasons["dga-site"]).toMatchObject({ kind: "waiting-dependency", on: "dga-network" });
  });

  it("tells how a dependency that left the slice stands as far as the ledger knows", () => {
    const slice = sliceOf(SITE_AFTER_NETWORK);
    const world = new World(slice).push("dga-network", "n").push("dga-site", "s");
    world.tick();
    world.run({ outcome: "failed", exitCode: 1 });
    const { "dga-site": site } = slice.images;
    world.slice = { ...slice, images: { "dga-site": site! } };

    expect(world.tick().reasons["dga-site"]).toEqual({ kind: "waiting-dependency", on: "dga-network", because: null });
  });
});

describe("a window", () => {
  const closed = () => sliceOf(undefined, "window: { timezone: Australia/Sydney }");

  it("keeps what arrives before it until it opens, and says when", () => {
    const world = new World(closed(), "2026-11-23T21:00:00.000Z").push("dga-network", "a");
    expect(world.tick().reasons["dga-network"]).toEqual({
      kind: "waiting-window",
      opensAt: "2026-11-24T09:00+11:00",
      freeze: null,
    });

    expect(world.ticks(58).flatMap(({ launched }) => launched)).toEqual([]);
    expect(world.tick().launched).toHaveLength(1);
  });

  it("stops nothing when it closes", () => {
    const world = new World(closed(), "2026-11-24T05:58:00.000Z").push("dga-network", "a");
    world.tick();
    world.pass(10);
    world.run();

    expect(world.ledger.images["dga-network"]?.live?.digest).toBe(digest("a"));
  });

  it("names the freeze that keeps it closed", () => {
    const area =
      "window: { timezone: Australia/Sydney }, freezes: [ { from: 2026-11-24, to: 2026-11-25, reason: audit } ]";
    const world = new World(sliceOf(undefined, area), "2026-11-23T23:00:00.000Z").push("dga-network", "a");

    expect(world.tick().reasons["dga-network"]).toEqual({
      kind: "waiting-window",
      opensAt: "2026-11-26T09:00+11:00",
      freeze: "audit",
    });
  });
});

describe("a waiting deployment", () => {
  const closed = () => sliceOf(SITE_AFTER_NETWORK, 'window: { hours: "09:00-17:00" }');

  it("is superseded by a moved tag, which keeps its place", () => {
    const world = new World(closed()).push("dga-network", "a");
    world.tick();
    world.push("dga-network", "b").tick();

    const [superseded] = world.history.values();
    const [waiting] = Object.values(world.ledger.deployments);
    expect(superseded).toMatchObject({ state: "superseded", digest: digest("a") });
    expect(waiting).toMatchObject({ state: "waiting", digest: digest("b"), waitingSince: superseded?.waitingSince });
  });

  it("is superseded by a tag moved back to what is live", () => {
    const world = new World();
    world.push("dga-network", "a").tick();
    world.run();
    world.slice = closed();
    world.push("dga-network", "b").tick();
    world.push("dga-network", "a").tick();

    expect(world.plan().reasons["dga-network"]).toEqual({ kind: "live" });
    expect(Object.keys(world.ledger.deployments)).toEqual([]);
  });

  it("does not start for an image that is no longer mapped", () => {
    const world = new World(closed()).push("dga-network", "a");
    world.tick();
    world.slice = { ...world.slice, images: {} };
    const plan = world.pass(9 * 60).tick();

    expect(plan.launched).toEqual([]);
    expect(plan.notes.map(({ code }) => code)).toContain("image-unmapped");
    expect([...world.history.values()]).toMatchObject([{ state: "superseded" }]);
  });

  it("begins anew when its image changes its kind", () => {
    const world = new World(closed()).push("dga-network", "a");
    world.tick();
    world.slice = sliceOf(
      "\n  dga-network: { kind: instance-refresh, groups: [g] }",
      'window: { hours: "09:00-17:00" }',
    );
    world.tick();

    expect(Object.values(world.ledger.deployments)).toMatchObject([{ kind: "instance-refresh" }]);
  });
});

describe("a tag", () => {
  it("moved while its image deploys waits for the end of that deployment", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.push("dga-network", "b");
    world.run();
    expect(world.ledger.images["dga-network"]?.live?.digest).toBe(digest("a"));

    world.tick();
    expect(world.started().digest).toBe(digest("b"));
  });

  it("moved back to an older digest is a new intent, also to one that failed before", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.run({ outcome: "failed", exitCode: 1 });
    world.push("dga-network", "b").tick();
    world.run();
    world.push("dga-network", "a").tick();

    expect(world.started()).toMatchObject({ digest: digest("a"), attempt: 1 });
  });

  it("moved back to what is live deploys it again where a failed apply may have changed the account since", () => {
    const applied = [{ step: "apply" as const, exitCode: 1, seconds: 1 }];
    const world = new World(sliceOf(SITE_AFTER_NETWORK)).push("dga-network", "a");
    world.tick();
    world.run();
    world.push("dga-network", "b").tick();
    world.run({ outcome: "failed", exitCode: 1, steps: applied });
    expect(world.ledger.images["dga-network"]).toMatchObject({ live: { digest: digest("a") }, disturbed: {} });

    world.push("dga-network", "a").push("dga-site", "s").tick();
    expect(world.started()).toMatchObject({ image: "dga-network", digest: digest("a") });
    expect(world.plan().reasons["dga-site"]).toMatchObject({ kind: "waiting-dependency", on: "dga-network" });

    world.run();
    expect(world.ledger.images["dga-network"]).toMatchObject({ live: { digest: digest("a") }, disturbed: null });
    expect(world.started().image).toBe("dga-site");
  });

  it("moved back to what is live is live where nothing was applied since", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.run();
    world.push("dga-network", "b").tick();
    world.run({ outcome: "failed", exitCode: 1, steps: [{ step: "plan", exitCode: 1, seconds: 1 }] }, "planning");

    expect(world.push("dga-network", "a").tick().reasons["dga-network"]).toEqual({ kind: "live" });
  });

  it.each(["tag", "repository"] as const)("whose %s vanished changes nothing and is noted", (missing) => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.run();
    const before = world.ledger;
    world.heads["dga-network"] = { kind: "absent", missing };
    const plan = world.tick();

    expect(plan.notes).toMatchObject([{ code: "tag-gone", image: "dga-network" }]);
    expect(world.ledger).toEqual(before);
  });

  it("that was never there is worth a note only where even the repository is missing", () => {
    const world = new World();
    expect(world.tick().notes).toEqual([]);

    world.heads["dga-network"] = { kind: "absent", missing: "repository" };
    expect(world.tick().notes).toMatchObject([{ code: "repository-absent" }]);
    expect(world.plan().reasons["dga-network"]).toEqual({ kind: "no-head" });
  });

  it("that could not be read starts nothing, not even what is known", () => {
    const world = new World(sliceOf(undefined, 'window: { hours: "09:00-17:00" }')).push("dga-network", "a");
    world.tick();
    world.heads["dga-network"] = { kind: "unreadable", code: "denied", message: "denied" };
    world.pass(9 * 60);

    expect(world.tick().reasons["dga-network"]).toEqual({ kind: "unreadable", what: "its head" });
    expect(world.tick().launched).toEqual([]);
  });

  it("that was not looked at counts as not read", () => {
    const world = new World(sliceOf(undefined, 'window: { hours: "09:00-17:00" }')).push("dga-network", "a");
    world.tick();
    delete world.heads["dga-network"];
    world.pass(9 * 60);

    expect(world.tick().reasons["dga-network"]).toEqual({ kind: "unreadable", what: "its head" });
  });
});

describe("retries", () => {
  it("try a failed digest again as often as the mapping says", () => {
    const world = new World(sliceOf("\n  dga-site: { kind: terraform, retries: 1 }")).push("dga-site", "s");
    world.tick();
    world.run({ outcome: "failed", exitCode: 1 });

    expect(world.plan().reasons["dga-site"]).toMatchObject({
      kind: "waiting-retry",
      outcome: "failed",
      attempt: 2,
      of: 2,
    });
    world.tick();
    expect(world.started().attempt).toBe(2);
    world.run({ outcome: "failed", exitCode: 1 });
    expect(world.ticks(60).at(-1)?.reasons["dga-site"]).toEqual({
      kind: "quarantined",
      outcome: "failed",
      attempts: 2,
      of: 2,
    });
  });
});

describe("the deploy group", () => {
  it.each([
    ["could not be read", (world: World) => void world.unreadable.add("group"), "the deploy group could not be read"],
    ["still has an instance", (world: World) => void world.boot(), "instance i-1 is still in the deploy group"],
    [
      "still wants capacity",
      (world: World) => void Object.assign(world.group, { desired: 1 }),
      "the deploy group's capacity is not back to 0",
    ],
    [
      "has Launch suspended",
      (world: World) => void world.group.suspendedProcesses.push("Launch"),
      "EC2 Auto Scaling has suspended Launch for the deploy group",
    ],
  ])("gets no launch while it %s", (_, arrange, because) => {
    const world = new World().push("dga-network", "a");
    arrange(world);
    const plan = world.tick();

    expect(plan.launched).toEqual([]);
    expect(plan.reasons["dga-network"]).toEqual({ kind: "waiting-group", because });
  });
});
