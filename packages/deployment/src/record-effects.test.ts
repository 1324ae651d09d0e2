import { describe, expect, it } from "vitest";
import type { Effect } from "./plan.ts";
import { recordEffects } from "./record-effects.ts";
import { sliceOf, WEB } from "./testing/slices.ts";
import { World } from "./testing/world.ts";

const NOW = new Date("2026-11-24T02:00:00Z");

function rolling(): { world: World; started: Effect; refused: Effect } {
  const world = new World(sliceOf(WEB)).push("dga-web", "a");
  world.loseEffects = true;
  world.tick();
  const target = { deployment: world.started().id, group: "dga-web-asg" };
  return {
    world,
    started: { kind: "refresh-started", refreshId: "refresh-1", ...target },
    refused: { kind: "refresh-refused", code: "group-missing", message: "there is no such group", ...target },
  };
}

describe("recordEffects", () => {
  it("keeps the id of a refresh that was started", () => {
    const { world, started } = rolling();
    const ledger = recordEffects(world.ledger, [started], NOW);

    expect(Object.values(ledger.deployments)).toMatchObject([
      { state: "running", refresh: { groups: { "dga-web-asg": { refreshId: "refresh-1", status: "Pending" } } } },
    ]);
    expect(ledger.updatedAt).toBe("2026-11-24T02:00:00.000Z");
  });

  it("does not replace an id that is known", () => {
    const { world, started } = rolling();
    const once = recordEffects(world.ledger, [started], NOW);

    expect(recordEffects(once, [{ ...started, refreshId: "refresh-2" } as Effect], NOW)).toBe(once);
  });

  it("lets a refusal fail the deployment", () => {
    const { world, refused } = rolling();
    world.ledger = recordEffects(world.ledger, [refused], NOW);
    world.loseEffects = false;

    expect(world.tick().ended).toMatchObject([{ state: "failed", failure: { code: "group-missing" } }]);
  });

  it("keeps the first failure where a second group refuses as well", () => {
    const { world, refused } = rolling();
    const [deployment] = Object.values(world.ledger.deployments);
    deployment!.refresh!.groups["other"] = { ...deployment!.refresh!.groups["dga-web-asg"]! };
    const ledger = recordEffects(world.ledger, [refused, { ...refused, group: "other", code: "other" } as Effect], NOW);

    expect(Object.values(ledger.deployments)).toMatchObject([{ refresh: { failure: { code: "group-missing" } } }]);
  });

  it("changes nothing for a deployment, a group or a refresh that is not there", () => {
    const { world, started } = rolling();
    const foreign: readonly Effect[] = [
      { ...started, deployment: "20200101t000000z-9" } as Effect,
      { ...started, group: "other" } as Effect,
    ];

    expect(recordEffects(world.ledger, foreign, NOW)).toBe(world.ledger);
    const terraform = new World().push("dga-network", "a");
    terraform.tick();
    const [id] = Object.keys(terraform.ledger.deployments);
    expect(recordEffects(terraform.ledger, [{ ...started, deployment: id } as Effect], NOW)).toBe(terraform.ledger);
  });

  it("does not take a deployment out of the ledger before it ended", () => {
    const { world, started } = rolling();
    const appended: Effect = { kind: "history-appended", deployment: started.deployment };

    expect(recordEffects(world.ledger, [appended], NOW)).toBe(world.ledger);
  });
});
