import type { Ledger } from "@windlass/deployment";
import { describe, expect, it } from "vitest";
import { type ControlTruth, createTruth } from "../world/truth.ts";
import { createControlModel } from "./control-model.ts";

type Asked = Pick<ControlTruth, "id" | "kind"> & Partial<ControlTruth>;

/** What is asked for, each applied by a version of the ledger of its own. */
function modelAfter(...controls: Asked[]) {
  const truth = createTruth([]);
  const model = createControlModel({ truth, scheduler: { now: () => 5 } as never });
  const ids: Record<string, string> = {};
  let before: Ledger | null = null;
  for (const control of controls) {
    truth.controls.push({ key: control.id, image: "web", digest: null, placedAt: 0, appliedAt: null, ...control });
    ids[control.id] = "";
    const ledger = { appliedControls: { ...ids }, images: { web: { live: { digest: "live" } } } } as never;
    model.note(before, ledger);
    before = ledger;
  }
  return model;
}

describe("what people have asked for", () => {
  it("pauses the area until somebody resumes it", () => {
    expect(modelAfter({ id: "1", kind: "pause" }).isPaused()).toBe(true);
    expect(modelAfter({ id: "1", kind: "pause" }, { id: "2", kind: "resume" }).isPaused()).toBe(false);
  });

  it("holds an image at the digest that was asked for, or at what is live", () => {
    expect(modelAfter({ id: "1", kind: "hold", digest: "a" }).heldAt("web")).toEqual(["a"]);
    expect(modelAfter({ id: "1", kind: "hold" }).heldAt("web")).toEqual(["live"]);
    expect(modelAfter({ id: "1", kind: "hold" }, { id: "2", kind: "unhold" }).heldAt("web")).toBeNull();
  });

  it("allows one start for a request to deploy now, and none after a pause", () => {
    const model = modelAfter({ id: "1", kind: "deploy-now" });
    expect(model.allowances("web")).toEqual(["1"]);
    model.spend("web");

    expect(model.allowances("web")).toEqual([]);
    expect(modelAfter({ id: "1", kind: "deploy-now" }, { id: "2", kind: "pause" }).allowances("web")).toEqual([]);
    expect(modelAfter({ id: "1", kind: "pause" }, { id: "2", kind: "deploy-now" }).allowances("web")).toEqual([]);
  });

  it("counts nothing that no version of the ledger has applied", () => {
    const truth = createTruth([]);
    const model = createControlModel({ truth, scheduler: { now: () => 5 } as never });
    truth.controls.push({ id: "1", key: "1", kind: "pause", image: "", digest: null, placedAt: 0, appliedAt: null });

    expect(model.note(null, { appliedControls: {}, images: {} } as never)).toEqual([]);
    expect(model.isPaused()).toBe(false);
  });
});
