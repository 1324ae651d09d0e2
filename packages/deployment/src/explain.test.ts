import { describe, expect, it } from "vitest";
import { openContext } from "./context.ts";
import { explainImages } from "./explain.ts";
import { explainTick } from "./plan-tick.ts";
import { SITE_AFTER_NETWORK, sliceOf, WEB } from "./testing/slices.ts";
import { digest, World } from "./testing/world.ts";

const BUSINESS = 'window: { hours: "09:00-17:00" }';

describe("explainImages", () => {
  it("says ready where nothing is in the way but the start itself", () => {
    const images = `${WEB}\n  dga-network: { kind: terraform }`;
    const closed = new World(sliceOf(images, BUSINESS));
    closed.push("dga-network", "n").push("dga-web", "w").tick();
    closed.pass(9 * 60);
    const context = openContext(closed.ledger, closed.observe(), closed.slice, new Date(closed.now));

    expect(explainImages(context)).toEqual({ "dga-network": { kind: "ready" }, "dga-web": { kind: "ready" } });
  });
});

/** One line for each rule, as the next tick would answer. */
function explain(world: World, image = "dga-network"): readonly string[] {
  const { rules } = explainTick(world.ledger, world.observe(), world.slice, new Date(world.now));
  return rules[image]!.map(({ rule, kind, because }) => `${rule} ${kind}: ${because}`);
}

describe("the rules that are looked at", () => {
  it("all have an answer, of what is live, too", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    world.run();

    expect(explain(world)).toEqual([
      "deployment passes: no deployment of it is under way",
      "block passes: nothing blocks it",
      "attempts passes: nothing has been tried in vain",
      "hold passes: nobody holds it",
      `head passes: its head is ${digest("a")}`,
      "live stops: live",
      "controls passes: the controls could be read",
      "registry passes: its tag could be looked for in the registry",
      "pause passes: the area is not paused",
      "dependencies passes: it comes after no other image",
      "back-off passes: no attempt has to be waited for",
      "freeze passes: no freeze today",
      "window passes: the window is open",
      "group passes: the deploy group is empty",
    ]);
  });

  it("say more than the first that stops", () => {
    const world = new World(sliceOf(undefined, BUSINESS)).push("dga-network", "a");
    world.group.desired = 1;
    world.crashBefore.add("retire");
    world.controlArea("pause", "an audit");
    world.tick();
    world.unreadable.add("controls");
    const { id } = Object.values(world.ledger.deployments)[0]!;

    expect(explain(world)).toEqual(
      expect.arrayContaining([
        `deployment passes: it waits since 2026-11-24T00:01:00.000Z (${id})`,
        "live passes: nothing is live",
        "controls stops: waiting: the controls could not be read",
        "pause stops: waiting: the area is paused by ann because an audit",
        "window stops: waiting: window opens 2026-11-24T09:00+00:00",
        "group stops: waiting: the deploy group's capacity is not back to 0",
      ]),
    );
  });

  it("tell of a freeze, and do not ask for the window then", () => {
    const frozen = `${BUSINESS}, freezes: [{ from: 2026-11-24, to: 2026-11-25, reason: an election }]`;
    const world = new World(sliceOf(undefined, frozen)).push("dga-network", "a");
    world.tick();

    expect(explain(world)).toEqual(
      expect.arrayContaining([
        "freeze stops: waiting: window opens 2026-11-26T09:00+00:00 (freeze: an election)",
        "window not-asked: a freeze keeps it closed",
      ]),
    );
  });

  it("tell that a person allowed the start, in a freeze as outside the window", () => {
    const frozen = `${BUSINESS}, freezes: [{ from: 2026-11-25, to: 2026-11-25, reason: an election }]`;
    const world = new World(sliceOf(undefined, frozen)).push("dga-network", "a");
    world.group.desired = 1;
    world.crashBefore.add("retire");
    world.control({ kind: "deploy-now", image: "dga-network", reason: "a hotfix" });
    world.tick();
    expect(explain(world)).toContain(
      "window passes: the window is closed, but ann allowed the next start by deploy-now: a hotfix",
    );

    world.pass(24 * 60);
    expect(explain(world)).toContain(
      "freeze passes: a freeze (an election), but ann allowed the next start by deploy-now: a hotfix",
    );
  });

  it("tell of a hold at another digest, whose tag does not count", () => {
    const world = new World(sliceOf(undefined, BUSINESS)).push("dga-network", "a");
    world.control({ kind: "hold", image: "dga-network", digest: digest("z") });
    world.tick();

    expect(explain(world)).toEqual(
      expect.arrayContaining([
        `hold passes: held at ${digest("z")} by ann, which is to be deployed`,
        "head not-asked: it is held, so its tag does not count",
        "registry not-asked: it is held, so its tag does not count",
      ]),
    );
  });

  it("tell of a digest that was live, of one that is live, and of one that is to be tried again", () => {
    const retries = "\n  dga-network: { kind: terraform, retries: 1 }";
    const world = new World(sliceOf(retries)).push("dga-network", "a");
    world.tick();
    const failed = { outcome: "failed", exitCode: 1, steps: [{ step: "apply", exitCode: 1, seconds: 1 }] } as const;
    world.run();
    world.push("dga-network", "b").tick();
    const id = world.run({ ...failed, steps: [...failed.steps] });

    expect(explain(world)).toEqual(
      expect.arrayContaining([
        "attempts passes: attempt 1 ended failed, another is allowed",
        `live passes: ${digest("a")} is live`,
        expect.stringMatching(/^back-off stops: waiting: attempt 2 of 2 at /),
      ]),
    );
    world.push("dga-network", "a");
    expect(explain(world)).toContainEqual(expect.stringMatching(/^deployment stops: deploying: launching \(/));
    world.controlArea("pause");
    expect(explain(world)).toContain(`live passes: it was live, but ${id} may have changed the account since`);
  });

  it("ask of what is being deployed no more for its group, and of its dependents for it", () => {
    const world = new World(sliceOf(SITE_AFTER_NETWORK)).push("dga-network", "a").push("dga-site", "s");
    world.tick();
    expect(explain(world)).toContain("group not-asked: it is being deployed");
    expect(explain(world, "dga-site")).toContain("dependencies stops: waiting: dga-network first");
    world.run();
    expect(explain(world, "dga-site")).toContain("dependencies passes: live: dga-network");
  });

  it("tell which groups of an instance refresh are free, and ask for none before it could start", () => {
    const world = new World(sliceOf(WEB, BUSINESS));
    expect(explain(world, "dga-web")).toEqual(
      expect.arrayContaining([
        "head stops: no image carries this area's tag",
        "live not-asked: there is nothing to deploy",
        "group not-asked: its groups are looked at when it could start",
      ]),
    );
    world.push("dga-web", "w").tick();
    world.pass(9 * 60);
    world.controlArea("pause");
    expect(explain(world, "dga-web")).toEqual(
      expect.arrayContaining([
        "window passes: the window is open until 2026-11-24T17:00+00:00",
        "group passes: no refresh is in progress in dga-web-asg",
      ]),
    );
  });
});
