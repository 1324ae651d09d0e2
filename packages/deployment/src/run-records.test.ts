import { describe, expect, it } from "vitest";
import { controlSchema } from "./control.ts";
import { assignmentSchema, claimSchema, resultSchema } from "./run-records.ts";
import { World } from "./testing/world.ts";

const at = "2026-11-24T09:00:00.000Z";
const control = { schema: 1, id: "c-1", image: "dga-web", by: "ann", reason: "an audit", at };
const claim = { schema: 1, deployment: "20261124t090000z-1", epoch: 1, nonce: "n", at };

describe("controls", () => {
  it.each([
    { kind: "hold", digest: null, commit: null },
    { kind: "hold", digest: `sha256:${"0".repeat(64)}`, commit: "cc83ec5" },
    { kind: "unhold" },
    { kind: "retry", deployment: null },
    { kind: "unblock", deployment: "20261124t090000z-1" },
    { kind: "cancel", deployment: null },
    { kind: "deploy-now" },
  ])("are taken: %j", (fields) => {
    expect(controlSchema.parse({ ...control, ...fields })).toEqual({ ...control, ...fields });
  });

  it("are taken without what older ones do not say", () => {
    expect(controlSchema.parse({ ...control, kind: "retry" })).toMatchObject({ deployment: null });
    expect(controlSchema.parse({ ...control, kind: "unblock" })).toMatchObject({ deployment: null });
    expect(controlSchema.parse({ ...control, kind: "hold", digest: null })).toMatchObject({ commit: null });
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

describe("assignments", () => {
  const assignment = new World()
    .push("dga-network", "a")
    .tick()
    .actions.flatMap((action) => {
      return action.kind === "launch" ? [action.assignment] : [];
    })[0];

  it.each([
    { state: "store", entrypoint: ["apply-no-color"] },
    { github: { organization: "AusDTO", repository: "dga-network" } },
    { confirmedDead: Array(20).fill("20261124t090000z-1") },
  ])("are taken: %j", (change) => {
    expect(assignmentSchema.parse({ ...assignment, ...change })).toEqual({ ...assignment, ...change });
  });

  it.each([
    { state: "bucket" },
    { entrypoint: [] },
    { entrypoint: [""] },
    { github: { organization: "AusDTO" } },
    { expectsState: null },
    { confirmedDead: Array(21).fill("20261124t090000z-1") },
    { confirmedDead: ["i-1"] },
  ])("are refused: %j", (change) => {
    expect(assignmentSchema.safeParse({ ...assignment, ...change }).success).toBe(false);
  });
});

describe("results", () => {
  const world = new World().push("dga-network", "a");
  world.tick();
  const result = world.runs.get(world.run())?.result;
  const lock = { id: "4f0c", holder: "20261124t090000z-1", created: null };

  it.each([
    { outcome: "noop" },
    { outcome: "never-started", digest: null, exitCode: null },
    {
      steps: [
        { step: "unlock", exitCode: 0, seconds: 1 },
        { step: "entrypoint", exitCode: 0, seconds: 1 },
      ],
    },
    { brokenLock: lock },
    { notes: Array(20).fill("x".repeat(500)) },
  ])("are taken: %j", (change) => {
    expect(resultSchema.parse({ ...result, ...change })).toEqual({ ...result, ...change });
  });

  it.each([
    { outcome: "lost" },
    { steps: [{ step: "destroy", exitCode: 0, seconds: 1 }] },
    { brokenLock: { ...lock, holder: "somebody" } },
    { notes: Array(21).fill("x") },
    { notes: ["x".repeat(501)] },
    { notes: undefined },
  ])("are refused: %j", (change) => {
    expect(resultSchema.safeParse({ ...result, ...change }).success).toBe(false);
  });
});
