import { describe, expect, it } from "vitest";
import { controlSchema } from "./control.ts";
import { claimSchema } from "./run-records.ts";

const at = "2026-11-24T09:00:00.000Z";
const control = { schema: 1, id: "c-1", image: "dga-web", by: "ann", reason: "an audit", at };
const claim = { schema: 1, deployment: "20261124t090000z-1", epoch: 1, nonce: "n", at };

describe("controls", () => {
  it.each([
    { kind: "hold", digest: null },
    { kind: "hold", digest: `sha256:${"0".repeat(64)}` },
    { kind: "unhold" },
    { kind: "retry" },
    { kind: "unblock" },
    { kind: "cancel", deployment: null },
    { kind: "deploy-now" },
  ])("are taken: %j", (fields) => {
    expect(controlSchema.parse({ ...control, ...fields })).toEqual({ ...control, ...fields });
  });

  it.each([
    { kind: "hold" },
    { kind: "unhold", reason: "" },
    { kind: "unhold", by: "" },
    { kind: "retry", at: "now" },
    { kind: "destroy" },
    { kind: "retry", schema: 2 },
    { kind: "retry", force: true },
  ])("are refused: %j", (fields) => {
    expect(controlSchema.safeParse({ ...control, ...fields }).success).toBe(false);
  });
});

describe("claims", () => {
  it("name the runner's instance, and none for the Lambda", () => {
    expect(claimSchema.safeParse({ ...claim, holder: "runner", instance: "i-1" }).success).toBe(true);
    expect(claimSchema.safeParse({ ...claim, holder: "lambda", instance: null }).success).toBe(true);
    expect(claimSchema.safeParse({ ...claim, holder: "runner", instance: null }).success).toBe(false);
    expect(claimSchema.safeParse({ ...claim, holder: "lambda", instance: "i-1" }).success).toBe(false);
  });
});
