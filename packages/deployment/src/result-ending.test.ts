import { describe, expect, it } from "vitest";
import type { Result } from "./run-records.ts";
import { digest, World } from "./testing/world.ts";

function launched(): World {
  const world = new World().push("dga-network", "a");
  world.tick();
  return world;
}

const NEVER_STARTED: Partial<Result> = {
  outcome: "never-started",
  exitCode: null,
  digest: null,
  plan: null,
  failure: { code: "engine-missing", message: "podman: command not found", hint: null },
};

describe("a result that had nothing to change", () => {
  it("makes its digest live, and is told apart from one that changed something", () => {
    const world = launched();
    const id = world.run({ outcome: "noop" }, "planning");

    expect(world.ledger.images["dga-network"]).toMatchObject({ live: { digest: digest("a") }, disturbed: null });
    expect(world.history.get(id)).toMatchObject({ state: "succeeded", noop: true });

    world.push("dga-network", "b").tick();
    expect(world.history.get(world.run())).toMatchObject({ state: "succeeded", noop: false });
  });

  it.each([{ exitCode: 2 }, { exitCode: null }, { digest: digest("z") }, { digest: null }])(
    "proves nothing with %o",
    (change) => {
      const world = launched();
      const id = world.run({ outcome: "noop", ...change }, "planning");

      expect(world.history.get(id)).toMatchObject({
        state: "unknown",
        noop: false,
        failure: { code: "result-contradicts", message: expect.stringContaining("the result says noop") },
      });
      expect(world.ledger.images["dga-network"]?.live).toBeNull();
    },
  );
});

describe("a result of the boot script", () => {
  it("ends its deployment as never started, which is tried again", () => {
    const world = launched();
    const { id } = world.started();
    world.claim(id, world.boot());
    world.finish(id, NEVER_STARTED);
    world.ticks(2);

    expect(world.history.get(id)).toMatchObject({
      state: "never-started",
      failure: { code: "engine-missing" },
    });
    expect(world.started()).toMatchObject({ attempt: 2 });
    expect(world.runs.get(world.started().id)?.assignment).toMatchObject({ expectsState: false });
  });

  it("ends its deployment as cancelled where a person had asked for that", () => {
    const world = launched();
    const { id } = world.started();
    world.claim(id, world.boot());
    world.control({ kind: "cancel", image: "dga-network" });
    world.tick();
    world.finish(id, NEVER_STARTED);
    world.tick();

    expect(world.history.get(id)).toMatchObject({ state: "cancelled" });
  });

  it.each([
    [{ steps: [{ step: "entrypoint", exitCode: 1, seconds: 1 }] }, "planning"],
    [{}, "applying"],
  ] as const)("is not believed where something may have been applied: %o while %s", (change, phase) => {
    const world = launched();
    const id = world.run({ ...NEVER_STARTED, ...change } as Partial<Result>, phase);

    expect(world.history.get(id)).toMatchObject({ state: "unknown", failure: { code: "result-contradicts" } });
    expect(world.ledger.images["dga-network"]?.block).toMatchObject({ outcome: "unknown" });
  });
});

describe("a result that is no success", () => {
  it.each([
    ["an apply", { steps: [{ step: "apply" as const, exitCode: 1, seconds: 1 }] }, "planning"],
    ["an entry point", { steps: [{ step: "entrypoint" as const, exitCode: 1, seconds: 1 }] }, "planning"],
    ["a stored phase of applying", { steps: [] }, "applying"],
    ["a stored phase of saving", { steps: [] }, "saving"],
  ] as const)("disturbs its image after %s, and the next one expects a state", (_, { steps }, phase) => {
    const world = launched();
    world.run({ outcome: "failed", exitCode: 1, steps: [...steps] }, phase);
    world.push("dga-network", "b").tick();

    expect(world.ledger.images["dga-network"]?.disturbed).not.toBeNull();
    expect(world.runs.get(world.started().id)?.assignment).toMatchObject({ expectsState: true });
  });

  it("leaves its image alone where it ended before", () => {
    const world = launched();
    const steps = (["init", "unlock", "plan"] as const).map((step) => ({ step, exitCode: 0, seconds: 1 }));
    world.run({ outcome: "failed", exitCode: 1, steps }, "planning");
    world.push("dga-network", "b").tick();

    expect(world.ledger.images["dga-network"]?.disturbed).toBeNull();
    expect(world.runs.get(world.started().id)?.assignment).toMatchObject({ expectsState: false });
  });
});

describe("what a result tells beside its outcome", () => {
  const brokenLock = { id: "4f0c", holder: "20261124t000000z-41" as never, created: "2026-11-24 00:00:00 UTC" };
  const notes = ["Part of the log is left out."];

  it.each(["succeeded", "noop", "failed", "interrupted", "state-unsaved"] as const)(
    "is kept into the history: of one that ended %s",
    (outcome) => {
      const world = launched();
      const id = world.run({ outcome, exitCode: outcome === "failed" ? 1 : 0, brokenLock, notes });

      expect(world.history.get(id)).toMatchObject({ brokenLock, notes });
    },
  );
});
