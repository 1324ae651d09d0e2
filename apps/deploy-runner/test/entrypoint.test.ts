import { describe, expect, it } from "vitest";
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
