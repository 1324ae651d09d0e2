import { describe, expect, it } from "vitest";
import { BUCKET } from "./support/records.ts";
import { exited, type StepScript } from "./support/scripted-engine.ts";
import { obedient, toObject } from "./support/scripts.ts";
import { ASIDE_KEY, leaving, openStoreWorld, STATE_KEY, stateText } from "./support/store-world.ts";

const ENTRYPOINT = { entrypoint: ["apply-no-color"] };
const saved = leaving({ "store/terraform.tfstate": stateText(4) });

describe("an image's own entry point", () => {
  it("runs once, instead of Terraform's steps, over the state of the deployment before", async () => {
    const world = await openStoreWorld(stateText(3), ENTRYPOINT);
    const runner = world.run({ script: { steps: { entrypoint: saved } } });

    await world.end(runner);

    expect(runner.engine.started.map(({ step, program, args }) => ({ step, program, args }))).toEqual([
      { step: "entrypoint", program: "entrypoint", args: ["apply-no-color"] },
    ]);
    expect(world.result()).toMatchObject({ outcome: "succeeded", exitCode: 0, plan: null });
    expect(world.object(STATE_KEY)).toBe(stateText(4));
  });

  it("finds the original's environment and files", async () => {
    const world = await openStoreWorld(null, { ...ENTRYPOINT, variables: { size: "small" } });
    const runner = world.run({ script: { steps: { entrypoint: saved } } });

    await world.end(runner);

    expect(runner.engine.started[0]?.environment).toMatchObject({
      AREA: "staging",
      ACCOUNT_ID: "333333333333",
      REGION: "ap-southeast-2",
      GIT_REPO: "dga-network",
      DEPARTMENT: "AusDTO",
      ATTEMPTS: "1",
      PAUSE: "10",
      TF_VAR_size: "small",
    });
    const file = runner.engine.files.get(".config/windlass.auto.tfvars.json");
    expect(JSON.parse(file ?? "")).toEqual({ size: "small", area: "staging", region: "ap-southeast-2" });
    expect(runner.engine.files.has("windlass_override.tf")).toBe(false);
  });

  it("is not started before the phase applying is stored", async () => {
    const world = await openStoreWorld(null, ENTRYPOINT);
    const phases: (string | undefined)[] = [];
    const entrypoint: StepScript = (terminal) => {
      phases.push(world.lease()?.phase);
      return saved(terminal);
    };

    await world.end(world.run({ script: { steps: { entrypoint } } }));

    expect(phases).toEqual(["applying"]);
  });

  it("is not started where the phase applying can not be stored", async () => {
    const world = await openStoreWorld(stateText(3), ENTRYPOINT);
    const runner = world.run({ script: { prepareSeconds: 30, steps: { entrypoint: saved } } });
    await world.pass(20);
    world.sandbox.faults.add({ service: "s3", kind: "error-before", match: toObject("lease.json") });

    await world.end(runner);

    expect(runner.engine.started).toEqual([]);
    expect(world.result()).toMatchObject({ outcome: "interrupted", failure: { code: "fenced" } });
    expect(world.object(STATE_KEY)).toBe(stateText(3));
  });

  it.each(["out", "err"] as const)(
    "fails with Terraform's words, also where it brings them to std%s",
    async (stream) => {
      const world = await openStoreWorld(stateText(3), ENTRYPOINT);
      const entrypoint: StepScript = (terminal) => {
        terminal[stream]("Attempt 1 of 1\n\nError: no such thing\n\nThere is none.\n");
        return exited(1);
      };

      await world.end(world.run({ script: { steps: { entrypoint } } }));

      expect(world.result()).toMatchObject({
        outcome: "failed",
        exitCode: 1,
        failure: { code: "entrypoint-failed", message: "Error: no such thing\n\nThere is none." },
      });
    },
  );

  it("is interrupted, and its state saved, where the host stops it", async () => {
    const world = await openStoreWorld(stateText(3), ENTRYPOINT);
    const entrypoint: StepScript = async (terminal) => {
      terminal.files.set("store/terraform.tfstate", stateText(4));
      return await obedient(10)(terminal);
    };
    const runner = world.run({ script: { steps: { entrypoint } } });
    await world.pass(30);
    runner.stop.request({ kind: "interrupted", signal: "SIGTERM" });

    await world.end(runner);

    expect(runner.engine.events).toEqual(["interrupt entrypoint", "dispose"]);
    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "interrupted" } });
    expect(world.object(STATE_KEY)).toBe(stateText(4));
  });

  it("is not believed where it hides that Terraform could not store the state", async () => {
    const world = await openStoreWorld(stateText(3), ENTRYPOINT);
    const files = { "store/terraform.tfstate": stateText(4), "errored.tfstate": stateText(5) };

    await world.end(world.run({ script: { steps: { entrypoint: leaving(files) } } }));

    expect(world.result()).toMatchObject({ outcome: "state-unsaved", exitCode: 0 });
    expect(world.object(ASIDE_KEY)).toBe(stateText(5));
  });

  it("is not believed where it hides it, and keeps its state in a backend of its own", async () => {
    const world = await openStoreWorld(null, { ...ENTRYPOINT, state: "image" });
    const entrypoint: StepScript = (terminal) => {
      terminal.out("Error: Failed to save state\n\nError saving state: RequestError\n");
      return exited(0);
    };

    await world.end(world.run({ script: { steps: { entrypoint } } }));

    expect(world.result()).toMatchObject({ outcome: "state-unsaved", exitCode: 0 });
  });
});

describe("what an entry point leaves in other folders than the module's", () => {
  it.each([
    ["store", "infra/errored.tfstate"],
    ["image", "infra/live/errored.tfstate"],
  ])("is found where Terraform could not store it, with state: %s", async (state, file) => {
    const world = await openStoreWorld(null, { ...ENTRYPOINT, state });
    const files = { "store/terraform.tfstate": stateText(4), [file]: stateText(5) };

    await world.end(world.run({ script: { steps: { entrypoint: leaving(files) } } }));

    expect(world.result()).toMatchObject({ outcome: "state-unsaved", exitCode: 0, failure: { code: "state-unsaved" } });
    expect(world.object(ASIDE_KEY)).toBe(stateText(5));
    expect(world.result()?.notes).toEqual([`${file} is kept as s3://${BUCKET}/${ASIDE_KEY}.`]);
  });

  it("is all kept where there is more than one", async () => {
    const world = await openStoreWorld(null, { ...ENTRYPOINT, state: "image" });
    const files = { "a/errored.tfstate": stateText(5, "a"), "b/errored.tfstate": stateText(6, "b") };

    await world.end(world.run({ script: { steps: { entrypoint: leaving(files, 1) } } }));

    expect(world.result()).toMatchObject({ outcome: "state-unsaved", exitCode: 1 });
    expect(world.object(ASIDE_KEY)).toBe(stateText(5, "a"));
    expect(world.object(ASIDE_KEY.replace("errored", "errored-2"))).toBe(stateText(6, "b"));
    expect(world.result()?.notes[1]).toContain("b/errored.tfstate is kept as");
  });

  it("is somebody else's where the image had it already", async () => {
    const world = await openStoreWorld(null, ENTRYPOINT);
    const runner = world.run({ script: { steps: { entrypoint: saved } } });
    runner.engine.files.set("infra/errored.tfstate", stateText(9, "of a developer"));

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "succeeded", notes: [] });
  });

  it.each([0, 1])(
    "is kept aside, and no first state made up, where it is a state and the exit code %i",
    async (code) => {
      const world = await openStoreWorld(null, ENTRYPOINT);
      const entrypoint = leaving({ "infra/terraform.tfstate": stateText(1) }, code);

      await world.end(world.run({ script: { steps: { entrypoint } } }));

      expect(world.result()).toMatchObject({ outcome: "state-unsaved", exitCode: code });
      expect(world.result()?.failure?.message).toContain(
        "infra/terraform.tfstate: the image keeps its state outside of",
      );
      expect(world.object(ASIDE_KEY)).toBe(stateText(1));
      expect(world.object(STATE_KEY)).toBeNull();
    },
  );

  it("may be more than is looked through, which the report then says", async () => {
    const world = await openStoreWorld(null, ENTRYPOINT);

    await world.end(world.run({ script: { searchable: false, steps: { entrypoint: saved } } }));

    expect(world.result()).toMatchObject({ outcome: "succeeded" });
    expect(world.result()?.notes).toEqual([expect.stringContaining("more files than are looked through")]);
  });
});

describe("an entry point that is to keep its state in a backend of its own", () => {
  const CREATED = [{ mode: "managed", type: "aws_vpc", name: "main", instances: [{}] }];
  const backend = JSON.stringify({ version: 3, serial: 1, lineage: "x", backend: { type: "s3", config: {} } });

  it.each(["terraform.tfstate", "infra/terraform.tfstate", "terraform.tfstate.d/staging/terraform.tfstate"])(
    "has not succeeded where it keeps its resources in %s, which is kept aside",
    async (file) => {
      const world = await openStoreWorld(null, { ...ENTRYPOINT, state: "image" });
      const entrypoint = leaving({ [file]: stateText(1, "new", CREATED) });

      await world.end(world.run({ script: { steps: { entrypoint } } }));

      const { failure } = world.result() ?? {};
      expect(world.result()).toMatchObject({
        outcome: "state-unsaved",
        exitCode: 0,
        failure: { code: "no-remote-backend" },
      });
      expect(failure?.message).toContain(`${file}: the module keeps it on this instance`);
      expect(failure?.hint).toContain(`aws s3 cp s3://${BUCKET}/${ASIDE_KEY} errored.tfstate`);
      expect(failure?.hint).toContain('say "state: store"');
      expect(world.object(ASIDE_KEY)).toBe(stateText(1, "new", CREATED));
    },
  );

  it("does not lose it where it fails, or can not be read as a state", async () => {
    const world = await openStoreWorld(null, { ...ENTRYPOINT, state: "image" });
    const entrypoint = leaving({ "terraform.tfstate": '{"encrypted_data":"' }, 1);

    await world.end(world.run({ script: { steps: { entrypoint } } }));

    expect(world.result()).toMatchObject({ outcome: "state-unsaved", exitCode: 1 });
    expect(world.object(ASIDE_KEY)).toBe('{"encrypted_data":"');
  });

  it("says what to do where the state could not be kept either", async () => {
    const world = await openStoreWorld(null, { ...ENTRYPOINT, state: "image" });
    world.sandbox.faults.add({ service: "s3", action: "PutObject", kind: "error-before", match: toObject("tfstate") });
    const entrypoint = leaving({ "terraform.tfstate": stateText(1, "new", CREATED) });

    await world.end(world.run({ script: { steps: { entrypoint } } }));

    expect(world.result()).toMatchObject({ outcome: "state-unsaved", failure: { code: "no-remote-backend" } });
    expect(world.result()?.failure?.hint).toMatch(/could not be kept either.*remote backend/);
  });

  it.each([
    ["a state of the image's that it does not change", "terraform.tfstate", stateText(7, "old", CREATED)],
    ["what init notes of a backend, in a folder of the image's choice", "data/terraform.tfstate", backend],
    ["a state without resources", "terraform.tfstate", stateText(1)],
    ["an empty file", "terraform.tfstate", ""],
  ])("has succeeded where there is only %s", async (what, file, text) => {
    const world = await openStoreWorld(null, { ...ENTRYPOINT, state: "image" });
    const before = what.startsWith("a state of the image's");
    const runner = world.run({ script: { steps: { entrypoint: leaving(before ? {} : { [file]: text }) } } });
    if (before) runner.engine.files.set(file, text);

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "succeeded", notes: [] });
    expect(world.object(ASIDE_KEY)).toBeNull();
  });
});
