import { describe, expect, it } from "vitest";
import type { Control } from "./control.ts";
import { previewControl } from "./preview-control.ts";
import { sliceOf } from "./testing/slices.ts";
import { digest, World } from "./testing/world.ts";

function preview(world: World, fields: Readonly<Record<string, unknown>> & { readonly kind: Control["kind"] }) {
  const control = {
    schema: 1,
    id: "mine",
    image: "dga-network",
    by: "ann",
    reason: "because",
    at: world.instant(),
    ...fields,
  };
  const { ledger, slice, now } = world;
  return previewControl({ ledger, slice, controls: world.readControls(), now: new Date(now) }, control as Control);
}

function live(letter: string): World {
  const world = new World().push("dga-network", letter);
  world.tick();
  world.run();
  return world;
}

describe("previewControl", () => {
  it("says what a hold at an older digest would deploy, and changes nothing", () => {
    const world = live("a");
    const before = structuredClone(world.ledger);

    expect(preview(world, { kind: "hold", digest: digest("z") })).toMatchObject({
      kind: "effect",
      begins: [{ image: "dga-network", digest: digest("z"), state: "waiting" }],
      ends: [],
    });
    expect(world.ledger).toEqual(before);
  });

  it("says that a hold at what is live deploys it again where the account was disturbed", () => {
    const world = live("a");
    expect(preview(world, { kind: "hold", digest: null })).toEqual({ kind: "effect", begins: [], ends: [] });
    world.push("dga-network", "b").tick();
    world.run({ outcome: "failed", exitCode: 1, steps: [{ step: "apply", exitCode: 1, seconds: 1 }] });

    expect(preview(world, { kind: "hold", digest: null })).toMatchObject({ begins: [{ digest: digest("a") }] });
  });

  it("says which waiting deployment ends", () => {
    const world = new World(sliceOf(undefined, 'window: { hours: "09:00-17:00" }')).push("dga-network", "a");
    world.tick();

    expect(preview(world, { kind: "hold", digest: null })).toMatchObject({
      begins: [],
      ends: [{ state: "superseded" }],
    });
    expect(preview(world, { kind: "hold", digest: digest("z") })).toMatchObject({
      begins: [{ digest: digest("z") }],
      ends: [{ digest: digest("a"), state: "superseded" }],
    });
    expect(preview(world, { kind: "cancel", deployment: null })).toMatchObject({ ends: [{ state: "cancelled" }] });
  });

  it("says why it would change nothing, also for what was asked for before and has not been taken yet", () => {
    const world = live("a");
    expect(preview(world, { kind: "unhold" })).toEqual({ kind: "without-effect", because: "it is not held" });
    world.control({ kind: "hold", image: "dga-network" });
    expect(preview(world, { kind: "unhold" })).toMatchObject({ kind: "effect" });
    expect(preview(world, { kind: "resume" })).toEqual({ kind: "without-effect", because: "the area is not paused" });
  });

  it("tells which images there are where it names none of them", () => {
    expect(preview(live("a"), { kind: "retry", image: "dga-netwrok" })).toEqual({
      kind: "unknown-image",
      known: ["dga-network"],
    });
  });
});
