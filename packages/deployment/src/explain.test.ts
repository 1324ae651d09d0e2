import { describe, expect, it } from "vitest";
import { openContext } from "./context.ts";
import { explainImages } from "./explain.ts";
import { sliceOf, WEB } from "./testing/slices.ts";
import { World } from "./testing/world.ts";

describe("explainImages", () => {
  it("says ready where nothing is in the way but the start itself", () => {
    const images = `${WEB}\n  dga-network: { kind: terraform }`;
    const closed = new World(sliceOf(images, 'window: { hours: "09:00-17:00" }'));
    closed.push("dga-network", "n").push("dga-web", "w").tick();
    closed.pass(9 * 60);
    const context = openContext(closed.ledger, closed.observe(), closed.slice, new Date(closed.now));

    expect(explainImages(context)).toEqual({ "dga-network": { kind: "ready" }, "dga-web": { kind: "ready" } });
  });
});
