import { describe, expect, it } from "vitest";
import { ACCOUNT, BUCKET, DEPLOYMENT } from "./support/records.ts";
import { exited, type StepScript } from "./support/scripted-engine.ts";
import { toObject } from "./support/scripts.ts";
import { openWorld } from "./support/world.ts";

describe("a state that could not be stored", () => {
  const STATE = '{"version":4,"serial":3}';
  const unsaved =
    (files: Map<string, string> | null): StepScript =>
    async (terminal) => {
      files?.set("errored.tfstate", STATE);
      terminal.err("Error: Failed to save state\n\nError saving state: RequestError\n");
      return exited(1);
    };

  it("is brought to the bucket and reported for what it is", async () => {
    const world = await openWorld();
    const files = new Map<string, string>();
    const runner = world.run({ script: { steps: { apply: unsaved(files) } } });
    const copied = runner.engine.files;
    files.set = (name, text) => {
      copied.set(name, text);
      return files;
    };

    await world.end(runner);

    const kept = world.sandbox.account(ACCOUNT).s3.read(BUCKET, `runs/${DEPLOYMENT}/errored.tfstate`);
    expect(kept?.text).toBe(STATE);
    expect(world.result()).toMatchObject({ outcome: "state-unsaved", exitCode: 1, failure: { code: "state-unsaved" } });
    expect(world.result()?.failure?.hint).toContain(`s3://${BUCKET}/runs/${DEPLOYMENT}/errored.tfstate`);
  });

  it("is waited for where S3 can not be reached just then", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: (terminal) => unsaved(runner.engine.files)(terminal) } } });
    world.sandbox.faults.add({ service: "s3", kind: "error-before", match: toObject("errored.tfstate"), times: 4 });

    await world.end(runner);

    expect(world.sandbox.account(ACCOUNT).s3.read(BUCKET, `runs/${DEPLOYMENT}/errored.tfstate`)?.text).toBe(STATE);
    expect(world.result()).toMatchObject({ outcome: "state-unsaved" });
  });

  it("is reported also where Terraform left no file", async () => {
    const world = await openWorld();

    await world.end(world.run({ script: { steps: { apply: unsaved(null) } } }));

    expect(world.result()).toMatchObject({ outcome: "state-unsaved" });
    expect(world.result()?.failure?.hint).toContain("could not be kept");
  });

  it("outweighs a cancel", async () => {
    const world = await openWorld();
    const apply: StepScript = async (terminal) => {
      await terminal.interrupt(1);
      runner.engine.files.set("errored.tfstate", STATE);
      return exited(1);
    };
    const runner = world.run({ script: { steps: { apply } } });
    await world.pass(30);
    runner.stop.request({ kind: "cancelled", by: "ada", reason: "stop" });

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "state-unsaved" });
  });
});
