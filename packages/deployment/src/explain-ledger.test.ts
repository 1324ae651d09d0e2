import { describe, expect, it } from "vitest";
import { explainLedger } from "./explain-ledger.ts";
import { SITE_AFTER_NETWORK, sliceOf, WEB } from "./testing/slices.ts";
import { World } from "./testing/world.ts";

const NONE = { kind: "controls", controls: [] } as const;
const BY_TAG = `\n  dga-app: { kind: instance-refresh, groups: { tag: "deploy.packages", includes: app } }`;

describe("explainLedger", () => {
  it("says of every image what the tick that left the ledger said", () => {
    const world = new World(sliceOf(`${SITE_AFTER_NETWORK}${WEB}${BY_TAG}`));
    world.push("dga-network", "n").push("dga-site", "s").push("dga-web", "w");

    const { reasons } = world.tick();

    expect(explainLedger(world.ledger, NONE, world.slice, new Date(world.now))).toEqual(reasons);
  });

  it("takes the groups as free, whatever names them, and says that the next tick starts what waits", () => {
    const world = new World(sliceOf(`${WEB}${BY_TAG}`, 'window: { hours: "09:00-17:00" }'));
    world.push("dga-app", "a").push("dga-web", "w").tick();
    world.pass(9 * 60);

    const reasons = explainLedger(world.ledger, NONE, world.slice, new Date(world.now));

    expect(reasons).toEqual({ "dga-app": { kind: "ready" }, "dga-web": { kind: "ready" } });
  });
});
