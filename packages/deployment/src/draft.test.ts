import { describe, expect, it } from "vitest";
import { openDraft, startOf } from "./draft.ts";
import { World } from "./testing/world.ts";

describe("a draft", () => {
  it("refuses to change a deployment that the ledger does not have", () => {
    const { ledger, now } = new World();

    expect(() => openDraft(ledger, new Date(now)).updateDeployment("20200101t000000z-9" as never, {})).toThrow(
      TypeError,
    );
  });

  it("counts a deployment's time from its launch, or else from when it began to wait", () => {
    const world = new World().push("dga-network", "a");
    world.tick();
    const started = world.started();

    expect(startOf(started)).toBe(started.launchedAt);
    expect(startOf({ ...started, launchedAt: null })).toBe(started.waitingSince);
  });
});
