import { describe, expect, it } from "vitest";
import { planTick } from "./plan-tick.ts";
import { sliceOf, WEB } from "./testing/slices.ts";
import { digest, World } from "./testing/world.ts";

const GROUP = "dga-web-asg";

function actionsOf(plan: ReturnType<World["plan"]>): readonly string[] {
  return plan.actions.map(({ kind }) => kind);
}

/** A world in which `a` is live and `b` has just been pushed. */
function upgrading(images = WEB): World {
  const world = new World(sliceOf(images)).push("dga-web", "a");
  world.tick();
  succeed(world);
  world.push("dga-web", "b").tick();
  return world;
}

function succeed(world: World): void {
  for (const group of world.groupsOf["dga-web"] ?? []) world.setRefresh(group, "Successful", 100);
  world.tick();
}

describe("an instance refresh", () => {
  it("makes its digest live when that very refresh is Successful", () => {
    const world = new World(sliceOf(WEB)).push("dga-web", "a");
    const plan = world.tick();
    expect(plan.actions).toMatchObject([
      { kind: "start-refresh", group: GROUP, image: "dga-web", digest: digest("a") },
    ]);
    expect(world.started()).toMatchObject({
      state: "running",
      refresh: { groups: { [GROUP]: { refreshId: "refresh-1" } } },
    });

    world.setRefresh(GROUP, "InProgress", 40);
    expect(world.tick().reasons["dga-web"]).toMatchObject({ kind: "deploying", phase: "refreshing", progress: "40%" });

    succeed(world);
    expect(world.ledger.images["dga-web"]?.live?.digest).toBe(digest("a"));
  });

  it("tells 0% before the service tells more", () => {
    const world = new World(sliceOf(WEB)).push("dga-web", "a");

    expect(world.tick().reasons["dga-web"]).toMatchObject({ progress: "0%" });
  });

  it("is taken back when it fails: the digest before is put back, refreshed, and the new one quarantined", () => {
    const world = upgrading();
    const { id } = world.started();
    world.setRefresh(GROUP, "Failed", 50, "unhealthy");
    const back = world.tick();
    expect(back.actions).toMatchObject([{ kind: "start-refresh", group: GROUP, digest: digest("a") }]);
    expect(back.reasons["dga-web"]).toMatchObject({ kind: "deploying", phase: "rolling-back" });

    succeed(world);
    expect(world.history.get(id)).toMatchObject({ state: "failed", failure: { code: "refresh-failed" } });
    expect(world.history.get(id)?.failure?.message).toBe(
      `the instance refresh of group ${GROUP} ended Failed: unhealthy; the groups are back at ${digest("a")}`,
    );
    expect(world.ledger.images["dga-web"]?.live?.digest).toBe(digest("a"));
    expect(world.ticks(10).at(-1)?.reasons["dga-web"]).toMatchObject({ kind: "quarantined", outcome: "failed" });
  });

  it("says where going back did not succeed either", () => {
    const world = upgrading();
    const { id } = world.started();
    world.setRefresh(GROUP, "Failed");
    world.tick();
    world.setRefresh(GROUP, "RollbackFailed");
    world.tick();

    expect(world.history.get(id)?.failure?.message).toContain(`did not succeed in ${GROUP}`);
    world.push("dga-web", "a").tick();
    expect(world.started().digest).toBe(digest("a"));
  });

  it("does not wait for ever for the way back", () => {
    const world = upgrading();
    const { id } = world.started();
    world.setRefresh(GROUP, "Failed");
    world.tick();
    world.pass(30);
    world.tick();

    expect(world.history.get(id)).toMatchObject({ state: "failed" });
  });

  it("puts nothing back where nothing was live", () => {
    const world = new World(sliceOf(WEB)).push("dga-web", "a");
    world.tick();
    const { id } = world.started();
    world.setRefresh(GROUP, "Failed");
    world.tick();

    expect(world.history.get(id)?.failure?.message).toContain("nothing was live before");
  });

  it.each(["Cancelled", "RollbackSuccessful", "RollbackFailed"])("counts as failed when it ends %s", (status) => {
    const world = upgrading();
    world.setRefresh(GROUP, status);
    world.tick();

    expect(world.started().refresh).toMatchObject({ stage: "rolling-back", failure: { code: "refresh-failed" } });
  });

  it("is cancelled and taken back after its timeout", () => {
    const world = upgrading();
    world.pass(30);
    expect(actionsOf(world.tick())).toEqual(["cancel-refresh"]);
    expect(world.started().refresh).toMatchObject({ stage: "rolling", failure: { code: "timeout" } });

    world.tick();
    expect(world.started().refresh).toMatchObject({ stage: "rolling-back", failure: { code: "timeout" } });
  });

  it("is cancelled and taken back when a person cancels it, and ends cancelled", () => {
    const world = upgrading();
    const { id } = world.started();
    world.control({ kind: "cancel", image: "dga-web" });
    world.ticks(3);
    succeed(world);

    expect(world.history.get(id)).toMatchObject({ state: "cancelled", failure: { code: "cancelled" } });
  });

  it("succeeds where it was Successful before the cancellation came", () => {
    const world = upgrading();
    world.control({ kind: "cancel", image: "dga-web" });
    world.tick();
    succeed(world);

    expect(world.ledger.images["dga-web"]?.live?.digest).toBe(digest("b"));
  });

  it("is started once more where its id got lost, but only when the lost one has ended", () => {
    const world = new World(sliceOf(WEB)).push("dga-web", "a");
    world.loseEffects = true;
    world.tick();
    world.loseEffects = false;
    expect(world.started().refresh?.groups[GROUP]).toMatchObject({ refreshId: null });

    expect(world.ticks(5).flatMap(actionsOf)).toEqual([]);
    world.setRefresh(GROUP, "Successful", 100);
    expect(actionsOf(world.tick())).toEqual(["start-refresh"]);
    expect(world.ledger.images["dga-web"]?.live ?? null).toBeNull();
    succeed(world);
    expect(world.ledger.images["dga-web"]?.live?.digest).toBe(digest("a"));
  });

  it("is started by the tick that intended it, or after the intent ran out, and never in between", () => {
    const world = new World(sliceOf(WEB)).push("dga-web", "a");
    world.crashBefore.add("start-refresh");
    world.tick();

    expect(actionsOf(world.tick())).toEqual([]);
    expect(actionsOf(world.tick())).toEqual(["start-refresh"]);
  });

  it("does not cancel a refresh that may be another's, and waits for its end", () => {
    const world = upgrading();
    world.ledger = structuredClone(world.ledger);
    world.started().refresh!.groups[GROUP]!.refreshId = null;
    world.control({ kind: "cancel", image: "dga-web" });
    world.tick();

    expect(world.ticks(5).flatMap(actionsOf)).toEqual([]);
    world.setRefresh(GROUP, "Successful");
    world.tick();
    expect(world.started().refresh).toMatchObject({ stage: "rolling-back", failure: { code: "cancelled" } });
  });

  it("stays as it is while its group can not be read", () => {
    const world = upgrading();
    world.setRefresh(GROUP, "Successful");
    world.unreadable.add("refreshes");

    expect(world.tick().ended).toEqual([]);
  });

  it("stays as it is where the service lists it no more", () => {
    const world = upgrading();
    world.refreshes.set(GROUP, []);
    world.tick();

    expect(world.started().refresh?.groups[GROUP]?.refreshId).toBe("refresh-2");
  });

  it("needs every group to be Successful", () => {
    const world = new World(sliceOf("\n  dga-web: { kind: instance-refresh, groups: [one, two] }"));
    world.groupsOf["dga-web"] = ["one", "two"];
    world.push("dga-web", "a").tick();
    world.setRefresh("one", "Successful", 100);
    world.setRefresh("two", "InProgress", 30);
    expect(world.tick().reasons["dga-web"]).toMatchObject({ progress: "30%" });
    expect(world.tick().ended).toEqual([]);

    world.setRefresh("two", "Successful", 100);
    expect(world.tick().ended).toMatchObject([{ state: "succeeded" }]);
  });

  it("waits for the others to stop where one group failed, then takes all back", () => {
    const world = new World(sliceOf("\n  dga-web: { kind: instance-refresh, groups: [one, two] }"));
    world.groupsOf["dga-web"] = ["one", "two"];
    world.push("dga-web", "a").tick();
    succeed(world);
    world.push("dga-web", "b").tick();
    world.setRefresh("one", "Failed");
    expect(world.tick().actions).toMatchObject([{ kind: "cancel-refresh", group: "two" }]);
    expect(world.tick().actions).toMatchObject([
      { kind: "start-refresh", group: "one", digest: digest("a") },
      { kind: "start-refresh", group: "two", digest: digest("a") },
    ]);
  });

  it("waits, and says so, while no group matches", () => {
    const world = new World(sliceOf(WEB)).push("dga-web", "a");
    world.groupsOf["dga-web"] = [];

    expect(world.tick().reasons["dga-web"]).toEqual({
      kind: "waiting-group",
      because: "no Auto Scaling group matches its selector",
    });
    world.groupsOf["dga-web"] = [GROUP];
    expect(world.tick().launched).toHaveLength(1);
  });

  it("is given up, as something that may have changed the account, where its end can not be seen", () => {
    const world = upgrading();
    const { id } = world.started();
    world.unreadable.add("refreshes");
    world.pass(30).ticks(3);
    expect(world.started().refresh).toMatchObject({ stage: "rolling", failure: { code: "timeout" } });

    world.pass(30).tick();
    expect(world.history.get(id)).toMatchObject({ state: "failed", failure: { code: "timeout" } });
    expect(world.history.get(id)?.failure?.message).toContain(`the refreshes of ${GROUP} could not be seen to end`);
    expect(world.ledger.images["dga-web"]?.disturbed).toMatchObject({ deployment: id });
  });

  it("is not started after its window closed, where it never was", () => {
    const world = new World(sliceOf(WEB, 'window: { hours: "09:00-17:00" }'), "2026-11-24T16:58:00.000Z");
    world.push("dga-web", "a").crashBefore.add("start-refresh");
    world.tick();
    const { id } = world.started();
    world.ticks(3);

    expect(world.history.get(id)).toMatchObject({ state: "never-started", failure: { code: "window-closed" } });
    expect(world.ticks(30).flatMap(actionsOf)).toEqual([]);
    expect(world.ledger.images["dga-web"]?.disturbed).toMatchObject({ deployment: id });
  });

  it("has a whole timeout for its way back, however late that began", () => {
    const world = upgrading();
    world.unreadable.add("refreshes");
    world.pass(28).ticks(1);
    world.unreadable.clear();
    world.setRefresh(GROUP, "Failed");
    world.pass(40).tick();
    expect(world.started().refresh).toMatchObject({ stage: "rolling-back" });
    world.pass(20).tick();
    expect(world.started().refresh).toMatchObject({ stage: "rolling-back" });

    succeed(world);
    expect(world.ledger.images["dga-web"]?.disturbed).toBeNull();
  });

  it("is started late where a person allowed it outside the window", () => {
    const world = new World(sliceOf(WEB, 'window: { hours: "09:00-17:00" }')).push("dga-web", "a");
    world.control({ kind: "deploy-now", image: "dga-web" });
    world.crashBefore.add("start-refresh");
    world.ticks(2);
    world.crashBefore.clear();

    expect(world.ticks(3).flatMap(actionsOf)).toContain("start-refresh");
  });

  it("runs beside a Terraform deployment", () => {
    const world = new World(sliceOf(`${WEB}\n  dga-network: { kind: terraform }`));

    expect(world.push("dga-web", "a").push("dga-network", "n").tick().launched).toHaveLength(2);
  });

  it("waits for its turn in a group that another image refreshes", () => {
    const two =
      "\n  dga-api: { kind: instance-refresh, groups: [g] }\n  dga-web: { kind: instance-refresh, groups: [g] }";
    const world = new World(sliceOf(two));
    world.groupsOf["dga-api"] = ["g"];
    world.groupsOf["dga-web"] = ["g"];
    const plan = world.push("dga-api", "a").push("dga-web", "w").tick();

    expect(plan.launched).toHaveLength(1);
    expect(plan.reasons["dga-web"]).toEqual({ kind: "waiting-turn", behind: "dga-api" });
  });

  it("waits for a refresh that somebody else has started", () => {
    const world = new World(sliceOf(WEB)).push("dga-web", "a");
    world.refreshes.set(GROUP, [{ id: "theirs", status: "Baking", percentage: null, reason: null }]);

    expect(world.tick().reasons["dga-web"]).toEqual({
      kind: "waiting-group",
      because: `refresh theirs of group ${GROUP} is in progress`,
    });
  });

  it.each([
    ["groups", "its groups could not be read: access denied"],
    ["refreshes", `group ${GROUP} could not be read`],
  ] as const)("does not start while its %s can not be read", (part, because) => {
    const world = new World(sliceOf(WEB)).push("dga-web", "a");
    world.unreadable.add(part);

    expect(world.tick().reasons["dga-web"]).toEqual({ kind: "waiting-group", because });
  });

  it("waits for the next tick where its groups were not looked at", () => {
    const world = new World(sliceOf(WEB)).push("dga-web", "a");
    const plan = planTick(world.ledger, { ...world.observe(), groups: {} }, world.slice, new Date(world.now));

    expect(plan.reasons["dga-web"]).toEqual({ kind: "waiting-group", because: "its groups have not been read" });
  });

  it("goes on with the service's own preferences when its image is no longer mapped", () => {
    const world = upgrading();
    world.slice = { ...world.slice, images: {} };
    world.setRefresh(GROUP, "Failed");
    const plan = world.tick();

    expect(plan.actions).toMatchObject([
      { kind: "start-refresh", preferences: { minHealthyPercentage: null, instanceWarmupSeconds: null } },
    ]);
    world.pass(121);
    expect(world.tick().ended).toMatchObject([{ state: "failed" }]);
  });

  it("is started once more on its way back, too, where that start never happened", () => {
    const world = upgrading();
    world.setRefresh(GROUP, "Failed");
    world.crashBefore.add("start-refresh");
    world.tick();
    world.crashBefore.clear();

    expect(actionsOf(world.tick())).toEqual([]);
    expect(world.tick().actions).toMatchObject([{ kind: "start-refresh", digest: digest("a") }]);
    expect(actionsOf(world.tick())).toEqual([]);
  });

  it("is done once more where its group was told to run something else meanwhile, and only then makes its digest live", () => {
    const world = upgrading();
    world.setRefresh(GROUP, "Successful");
    world.tagGroup(GROUP, "dga-web", digest("a"));
    const plan = world.tick();

    expect(plan.actions).toMatchObject([{ kind: "start-refresh", group: GROUP, digest: digest("b") }]);
    expect(plan.notes).toMatchObject([{ code: "group-retagged", image: "dga-web" }]);
    expect(plan.notes[0]?.message).toContain(`run ${digest("a")} instead of ${digest("b")}`);
    expect(world.ledger.images["dga-web"]?.live?.digest).toBe(digest("a"));
    expect(world.ticks(5).flatMap(actionsOf)).toEqual([]);
    succeed(world);
    expect(world.ledger.images["dga-web"]?.live?.digest).toBe(digest("b"));
  });

  it("is done once more where somebody took the tag away", () => {
    const world = upgrading();
    world.setRefresh(GROUP, "Successful");
    world.imageTags.clear();

    expect(world.tick().notes[0]?.message).toContain("run nothing instead of");
  });

  it("is taken back where its group is told to run something else again and again", () => {
    const world = upgrading();
    for (let minute = 0; minute < 29; minute += 1) {
      world.setRefresh(GROUP, "Successful");
      world.tagGroup(GROUP, "dga-web", digest("z"));
      world.tick();
      expect(world.ledger.images["dga-web"]?.live?.digest).toBe(digest("a"));
    }
    world.setRefresh(GROUP, "Successful");
    world.tagGroup(GROUP, "dga-web", digest("z"));
    world.tick();

    expect(world.started().refresh).toMatchObject({ stage: "rolling-back", failure: { code: "timeout" } });
  });

  it("waits where what its group is told to run could not be read", () => {
    const world = upgrading();
    world.setRefresh(GROUP, "Successful");
    const observation = world.observe();
    const refreshes = { [GROUP]: { ...observation.refreshes[GROUP], imageTags: null } };
    const plan = planTick(
      world.ledger,
      { ...observation, refreshes } as typeof observation,
      world.slice,
      new Date(world.now),
    );

    expect([plan.ended, plan.actions]).toEqual([[], []]);
  });

  it("is done once more on its way back, too, where its group was told to run something else", () => {
    const world = upgrading();
    world.setRefresh(GROUP, "Failed");
    world.tick();
    world.setRefresh(GROUP, "Successful");
    world.tagGroup(GROUP, "dga-web", digest("b"));
    const again = world.tick();
    succeed(world);

    expect(again.actions).toMatchObject([{ kind: "start-refresh", digest: digest("a") }]);
    expect([...world.history.values()].at(-1)?.failure?.message).toContain(`the groups are back at ${digest("a")}`);
  });

  it("reads groups and refreshes only when it could start or is going on", () => {
    const world = new World(sliceOf(WEB, 'window: { hours: "09:00-17:00" }')).push("dga-web", "a");

    expect(world.observe()).toMatchObject({ groups: {}, refreshes: {} });
    world.control({ kind: "deploy-now", image: "dga-web" });
    world.tick();
    expect(world.observe().groups).toHaveProperty("dga-web");
    expect(world.tick().launched).toHaveLength(1);
    expect(world.observe().groups).toEqual({});
    expect(world.observe().refreshes).toHaveProperty(GROUP);
  });

  it("reads no groups for a head that could not be read and was never known", () => {
    const world = new World(sliceOf(WEB));

    expect(world.observe().groups).toEqual({});
  });
});
