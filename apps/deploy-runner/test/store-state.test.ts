import { describe, expect, it } from "vitest";
import { anAssignment, BUCKET, DEPLOYMENT } from "./support/records.ts";
import { exited, planOf, type StepScript } from "./support/scripted-engine.ts";
import { deaf, toObject } from "./support/scripts.ts";
import { ASIDE_KEY, leaving, openStoreWorld, STATE_KEY, STORE, stateText } from "./support/store-world.ts";

const LEFT = "store/terraform.tfstate";
const saves = (serial: number, code = 0) => leaving({ [LEFT]: stateText(serial) }, code);

describe("a state in the store folder", () => {
  it("is there before the first step, and saved after the last", async () => {
    const world = await openStoreWorld(stateText(3));
    world.put(`${STORE}keys/id.pub`, "a key");
    const found: (string | undefined)[] = [];
    const init: StepScript = ({ files }) => {
      found.push(files.get(LEFT), files.get("store/keys/id.pub"), files.get("store/old"));
      return exited(0);
    };
    const runner = world.run({ script: { steps: { init, apply: saves(4) } } });
    runner.engine.files.set("store/old", "what a developer has left in the image");

    await world.end(runner);

    expect(found).toEqual([stateText(3), "a key", undefined]);
    expect(world.result()).toMatchObject({ outcome: "succeeded", notes: [] });
    expect(world.object(STATE_KEY)).toBe(stateText(4));
  });

  it("begins with nothing where there was no deployment before", async () => {
    const world = await openStoreWorld(null);

    await world.end(world.run({ script: { steps: { apply: saves(1) } } }));

    expect(world.result()).toMatchObject({ outcome: "succeeded" });
    expect(world.object(STATE_KEY)).toBe(stateText(1));
  });

  it("is never begun anew where an earlier deployment may have left one", async () => {
    const world = await openStoreWorld(null, { expectsState: true });
    const runner = world.run();

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "failed", exitCode: null, failure: { code: "state-missing" } });
    expect(world.result()?.failure?.message).toContain(`s3://${BUCKET}/${STATE_KEY}`);
    expect(runner.engine.started).toEqual([]);
  });

  it.each(["", '{"version":4,"serial":3,', "[]"])(
    "is never begun anew from %j, which is no whole one",
    async (text) => {
      const world = await openStoreWorld(text);
      const runner = world.run();

      await world.end(runner);

      expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "state-unreadable" } });
      expect(runner.engine.started).toEqual([]);
      expect(world.object(STATE_KEY)).toBe(text);
    },
  );

  it.each(["ListObjectsV2", "GetObject"])(
    "is waited for where %s fails, and nothing runs without it",
    async (action) => {
      const world = await openStoreWorld(stateText(3));
      const match = ({ input }: { input: Readonly<Record<string, unknown>> }) =>
        String(input["Key"] ?? input["prefix"]).startsWith(STORE);
      world.sandbox.faults.add({ service: "s3", action, kind: "error-before", match });
      const runner = world.run();

      await world.end(runner);

      expect(world.sandbox.faults.fired()["error-before"]).toBeGreaterThan(5);
      expect(world.result()).toMatchObject({ outcome: "interrupted", failure: { code: "state-unreadable" } });
      expect(runner.engine.started).toEqual([]);
    },
  );

  it("is no whole one where a file can not be restored under its name", async () => {
    const world = await openStoreWorld(stateText(3));
    world.put(`${STORE}a\\b`, "somebody's");
    const runner = world.run();

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "state-unreadable" } });
    expect(runner.engine.started).toEqual([]);
  });

  it("is saved also where apply failed, and the failure is what is reported", async () => {
    const world = await openStoreWorld(stateText(3));

    await world.end(world.run({ script: { steps: { apply: saves(4, 1) } } }));

    expect(world.result()).toMatchObject({ outcome: "failed", exitCode: 1, failure: { code: "apply-failed" } });
    expect(world.object(STATE_KEY)).toBe(stateText(4));
  });

  it("is saved also where apply was interrupted", async () => {
    const world = await openStoreWorld(stateText(3));
    const apply: StepScript = async (terminal) => {
      await terminal.interrupt(1);
      return await saves(4, 1)(terminal);
    };
    const runner = world.run({ script: { steps: { apply } } });
    await world.pass(30);
    runner.stop.request({ kind: "interrupted", signal: "SIGTERM" });

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "interrupted" } });
    expect(world.object(STATE_KEY)).toBe(stateText(4));
  });

  it("is saved as far as it goes where apply had to be killed", async () => {
    const world = await openStoreWorld(stateText(3));
    const apply: StepScript = async (terminal) => {
      terminal.files.set(LEFT, stateText(4));
      return await deaf(terminal);
    };
    const runner = world.run({ script: { steps: { apply } } });
    await world.pass(30);
    runner.stop.request({ kind: "interrupted", signal: "SIGTERM" });

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "unknown", failure: { code: "terraform-killed" } });
    expect(world.object(STATE_KEY)).toBe(stateText(4));
  });

  it("does not wait for the log of the step that has made it", async () => {
    const world = await openStoreWorld(stateText(3));
    world.sandbox.faults.add({
      ...{ kind: "error-before", service: "s3", action: "PutObject" },
      match: ({ input }) => String(input["Key"]).includes("/apply/"),
    });
    let appliedAt = Number.POSITIVE_INFINITY;
    const apply: StepScript = async (terminal) => {
      const exit = await saves(4)(terminal);
      terminal.out("Apply complete!\n");
      appliedAt = world.clock.now();
      return exit;
    };
    const runner = world.run({ script: { steps: { apply } } });

    await world.pass(30);

    expect(world.clock.now() - appliedAt).toBeLessThan(20_000);
    expect(world.object(STATE_KEY)).toBe(stateText(4));
    expect(world.result()).toBeNull();
    await world.end(runner);
    expect(world.result()).toMatchObject({ outcome: "succeeded" });
  });

  it("is saved with patience while S3 fails", async () => {
    const world = await openStoreWorld(stateText(3));
    const match = toObject("store/terraform.tfstate");
    world.sandbox.faults.add({ service: "s3", action: "PutObject", kind: "error-before", match, times: 30 });

    await world.end(world.run({ script: { steps: { apply: saves(4) } } }));

    expect(world.sandbox.faults.fired()["error-before"]).toBe(30);
    expect(world.result()).toMatchObject({ outcome: "succeeded" });
    expect(world.object(STATE_KEY)).toBe(stateText(4));
  });

  it("is saved once where S3 had written it before its answer was lost", async () => {
    const world = await openStoreWorld(stateText(3));
    const match = toObject("store/terraform.tfstate");
    world.sandbox.faults.add({ service: "s3", action: "PutObject", kind: "error-after", match, times: 1 });

    await world.end(world.run({ script: { steps: { apply: saves(4) } } }));

    expect(world.result()).toMatchObject({ outcome: "succeeded" });
    expect(world.object(STATE_KEY)).toBe(stateText(4));
  });

  it("is kept aside, with what to type, where S3 does not take it for long", async () => {
    const world = await openStoreWorld(stateText(3));
    const match = toObject("store/terraform.tfstate");
    world.sandbox.faults.add({ service: "s3", action: "PutObject", kind: "error-before", match });

    await world.end(world.run({ script: { steps: { apply: saves(4) } } }));

    expect(world.result()).toMatchObject({ outcome: "state-unsaved", exitCode: 0, failure: { code: "state-unsaved" } });
    expect(world.result()?.failure?.hint).toBe(
      `aws s3 cp s3://${BUCKET}/${ASIDE_KEY} errored.tfstate; compare its lineage and serial with s3://${BUCKET}/${STATE_KEY} (the same lineage, a higher serial); then: aws s3 cp errored.tfstate s3://${BUCKET}/${STATE_KEY}; then unblock`,
    );
    expect(world.object(ASIDE_KEY)).toBe(stateText(4));
    expect(world.object(STATE_KEY)).toBe(stateText(3));
  });

  it("is said to be lost where it can not be kept aside either", async () => {
    const world = await openStoreWorld(stateText(3));
    world.sandbox.faults.add({ service: "s3", action: "PutObject", kind: "error-before", match: toObject("tfstate") });

    await world.end(world.run({ script: { steps: { apply: saves(4) } } }));

    expect(world.result()).toMatchObject({ outcome: "state-unsaved" });
    expect(world.result()?.failure?.hint).toContain("could not be kept either");
  });

  it("does not go over what somebody else has written meanwhile", async () => {
    const world = await openStoreWorld(stateText(3));
    const apply: StepScript = async (terminal) => {
      world.put(STATE_KEY, stateText(9));
      return await saves(4)(terminal);
    };

    await world.end(world.run({ script: { steps: { apply } } }));

    expect(world.result()).toMatchObject({ outcome: "state-unsaved" });
    expect(world.result()?.failure?.message).toContain("somebody else has written it meanwhile");
    expect(world.object(STATE_KEY)).toBe(stateText(9));
    expect(world.object(ASIDE_KEY)).toBe(stateText(4));
  });

  it.each([
    ["is cut", stateText(4).slice(0, 30), "what is there is no whole state"],
    ["is of another lineage", stateText(4, "another"), "its lineage is another, not lineage-1"],
    ["has an older serial", stateText(2), "its serial went back from 3 to 2"],
    ["is empty", "", "what is there is no whole state"],
  ])("is kept as it was where what apply leaves %s", async (_, text, problem) => {
    const world = await openStoreWorld(stateText(3));

    await world.end(world.run({ script: { steps: { apply: leaving({ [LEFT]: text }) } } }));

    expect(world.result()).toMatchObject({ outcome: "state-unsaved" });
    expect(world.result()?.failure?.message).toContain(`(${LEFT}: ${problem})`);
    expect(world.object(STATE_KEY)).toBe(stateText(3));
    expect(world.object(ASIDE_KEY)).toBe(text);
  });

  it("is kept as it was where apply has removed it", async () => {
    const world = await openStoreWorld(stateText(3));

    await world.end(world.run({ script: { steps: { apply: leaving({ [LEFT]: null }) } } }));

    expect(world.result()).toMatchObject({ outcome: "state-unsaved" });
    expect(world.result()?.failure?.message).toContain(`(${LEFT}: it is gone)`);
    expect(world.object(STATE_KEY)).toBe(stateText(3));
  });

  it("is what Terraform could not store, where it left that beside a cut one", async () => {
    const world = await openStoreWorld(stateText(3));
    const apply = leaving({ [LEFT]: '{"version":4', "errored.tfstate": stateText(5) }, 1);

    await world.end(world.run({ script: { steps: { apply } } }));

    expect(world.result()).toMatchObject({ outcome: "state-unsaved" });
    expect(world.object(ASIDE_KEY)).toBe(stateText(5));
    expect(world.object(STATE_KEY)).toBe(stateText(3));
  });
});

describe("the store folder", () => {
  it("is saved as a whole, but for locks and for what init makes anew", async () => {
    const world = await openStoreWorld(null);
    const apply = leaving({
      [LEFT]: stateText(1),
      "store/terraform.tfstate.backup": stateText(0),
      "store/keys/id.pub": "a key",
      "store/.terraform.tfstate.lock.info": '{"ID":"x"}',
      "store/.terraform/providers/x": "a program",
      "store/id.windlass": "half a file",
    });

    await world.end(world.run({ script: { steps: { apply } } }));

    expect(world.sandbox.account(anAssignment().account).s3.keys(BUCKET, STORE)).toEqual([
      `${STORE}keys/id.pub`,
      STATE_KEY,
      `${STORE}terraform.tfstate.backup`,
    ]);
  });

  it("is written no further than it was changed", async () => {
    const world = await openStoreWorld(stateText(3));
    world.put(`${STORE}keys/id.pub`, "a key");
    world.sandbox.calls.clear();

    await world.end(world.run({ script: { steps: { apply: saves(4) } } }));

    const puts = world.sandbox.calls.entries.filter(
      ({ action, input }) => action === "PutObject" && String(input["Key"]).startsWith(STORE),
    );
    expect(puts.map(({ input }) => input["Key"])).toEqual([STATE_KEY]);
  });

  it("has its state saved where a file beside it can not be, and the report says which", async () => {
    const world = await openStoreWorld(stateText(3));
    world.sandbox.faults.add({ service: "s3", action: "PutObject", kind: "error-before", match: toObject("id.pub") });
    const apply = leaving({ [LEFT]: stateText(4), "store/a/id.pub": "a key", "store/a\\b": "x" });

    await world.end(world.run({ script: { steps: { apply } } }));

    expect(world.result()).toMatchObject({ outcome: "succeeded" });
    expect(world.result()?.notes).toHaveLength(1);
    expect(world.result()?.notes[0]).toMatch(/^The state is saved, but not all beside it\. store\/a\/id\.pub: /);
    expect(world.object(STATE_KEY)).toBe(stateText(4));
  });

  it("may have states of other names, each held against what was there before", async () => {
    const world = await openStoreWorld(null, { expectsState: true });
    world.put(`${STORE}staging.tfstate`, stateText(3));
    const apply = leaving({ "store/staging.tfstate": stateText(2), "store/new.tfstate": stateText(1, "of-its-own") });

    await world.end(world.run({ script: { steps: { apply } } }));

    expect(world.result()).toMatchObject({ outcome: "state-unsaved" });
    expect(world.result()?.failure?.message).toContain("store/staging.tfstate: its serial went back");
    expect(world.result()?.failure?.hint).toContain(`aws s3 cp errored.tfstate s3://${BUCKET}/${STORE}staging.tfstate`);
    expect(world.object(`${STORE}new.tfstate`)).toBeNull();
  });
});

describe("a deployment that leaves no state in the store folder", () => {
  it("is state-unsaved where it succeeded", async () => {
    const world = await openStoreWorld(null);

    await world.end(world.run({ script: { steps: { apply: leaving({}) } } }));

    expect(world.result()).toMatchObject({ outcome: "state-unsaved", failure: { code: "state-unsaved" } });
    expect(world.result()?.failure?.message).toContain(`(${LEFT}: there is none)`);
    expect(world.object(STATE_KEY)).toBeNull();
  });

  it("lets the next one begin where it failed before there was anything", async () => {
    const world = await openStoreWorld(null);

    await world.end(world.run({ script: { steps: { apply: leaving({}, 1) } } }));

    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "apply-failed" } });
    expect(JSON.parse(world.object(STATE_KEY) ?? "")).toMatchObject({ version: 4, serial: 0, resources: [] });
  });

  it("lets the next one begin where there was nothing to apply", async () => {
    const world = await openStoreWorld(null);
    const show: StepScript = (terminal) => {
      terminal.out(planOf(0));
      return exited(0);
    };

    await world.end(world.run({ script: { steps: { show } } }));

    expect(world.result()).toMatchObject({ outcome: "noop", notes: [] });
    expect(JSON.parse(world.object(STATE_KEY) ?? "")).toMatchObject({ resources: [] });
  });

  it.each([
    ["kept aside", "store/terraform.tfstate", /aws s3 cp s3:.*where .* is still not there/],
    ["said to be missing", "tfstate", /would miss a state/],
  ])(
    "is state-unsaved where there was nothing to apply, and the state without resources is %s",
    async (what, key, hint) => {
      const world = await openStoreWorld(null);
      const show: StepScript = (terminal) => {
        terminal.out(planOf(0));
        return exited(0);
      };
      world.sandbox.faults.add({ service: "s3", action: "PutObject", kind: "error-before", match: toObject(key) });

      await world.end(world.run({ script: { steps: { show } } }));

      expect(world.result()).toMatchObject({
        outcome: "state-unsaved",
        exitCode: 0,
        failure: { code: "state-unsaved" },
      });
      expect(world.result()?.failure?.message).toContain("there was nothing to apply");
      expect(world.result()?.failure?.hint).toMatch(hint);
      const aside = world.object(ASIDE_KEY);
      if (what === "kept aside") expect(JSON.parse(aside ?? "")).toMatchObject({ serial: 0, resources: [] });
      else expect(aside).toBeNull();
    },
  );

  it("is a success with a note where the bucket still has the state that it began with", async () => {
    const world = await openStoreWorld(stateText(3));
    const show: StepScript = (terminal) => {
      terminal.files.set(LEFT, stateText(4));
      terminal.out(planOf(0));
      return exited(0);
    };
    const match = toObject("store/terraform.tfstate");
    world.sandbox.faults.add({ service: "s3", action: "PutObject", kind: "error-before", match });

    await world.end(world.run({ script: { steps: { show } } }));

    expect(world.result()).toMatchObject({ outcome: "noop", notes: [expect.stringContaining("could not be saved")] });
    expect(world.object(STATE_KEY)).toBe(stateText(3));
  });

  it("does not claim that there is nothing where it had to be killed", async () => {
    const world = await openStoreWorld(null);
    const runner = world.run({ script: { steps: { apply: deaf } } });
    await world.pass(30);
    runner.stop.request({ kind: "interrupted", signal: "SIGTERM" });

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "unknown" });
    expect(world.object(STATE_KEY)).toBeNull();
  });

  it.each([0, 1])(
    "has its state kept aside where an entry point, with exit code %i, leaves it elsewhere",
    async (code) => {
      const world = await openStoreWorld(null, { entrypoint: ["apply"] });
      const entrypoint = leaving({ "terraform.tfstate": stateText(1) }, code);

      await world.end(world.run({ script: { steps: { entrypoint } } }));

      expect(world.result()).toMatchObject({ outcome: "state-unsaved", exitCode: code });
      expect(world.result()?.failure?.message).toContain("the image keeps its state outside of store/");
      expect(world.object(`runs/${DEPLOYMENT}/errored.tfstate`)).toBe(stateText(1));
      expect(world.object(STATE_KEY)).toBeNull();
    },
  );

  it("is not misled by a state that lies in the image", async () => {
    const world = await openStoreWorld(null, { entrypoint: ["apply"] });
    const runner = world.run({ script: { steps: { entrypoint: saves(1) } } });
    runner.engine.files.set("terraform.tfstate", stateText(7, "of a developer"));

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "succeeded" });
  });
});
