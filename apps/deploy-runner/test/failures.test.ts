import { describe, expect, it } from "vitest";
import { RunnerError } from "../src/runner-error.ts";
import { anAssignment, OTHER_DIGEST } from "./support/records.ts";
import { exited, type StepScript } from "./support/scripted-engine.ts";
import { openWorld } from "./support/world.ts";

describe("a deployment that fails", () => {
  it.each(["init", "plan", "show", "apply"] as const)(
    "fails where %s fails, with what Terraform said",
    async (step) => {
      const world = await openWorld();
      const fail: StepScript = (terminal) => {
        terminal.err("\nError: no such thing\n\nThere is none.\n");
        return exited(1);
      };

      await world.end(world.run({ script: { steps: { [step]: fail } } }));

      expect(world.result()).toMatchObject({
        outcome: "failed",
        exitCode: 1,
        failure: { code: `${step}-failed`, message: "Error: no such thing\n\nThere is none." },
      });
      expect(world.members()).toEqual([]);
    },
  );

  it.each([
    ["provider-crashed", 1, "\n╷\n│ Error: Plugin did not respond\n│ \n│   with a.b,\n╵\n"],
    [
      "provider-crashed",
      1,
      "\nError: no\n\nThe plugin encountered an error, and failed to respond to the\nplugin call.\n",
    ],
    ["provider-crashed", 1, "\nError: The terraform-provider-aws_v5 plugin crashed!\n"],
    ["provider-crashed", 1, "Stack trace from the x plugin:\n\npanic: runtime error: index out of range\n"],
    ["terraform-crashed", 11, "!!!!!!!!!!!! TERRAFORM CRASH !!!!!!!!!!!!\n\npanic: x\n"],
    ["terraform-killed", 137, "Killed\n"],
  ])("is unknown, as %s with exit code %i, where apply says %j", async (code, exitCode, text) => {
    const world = await openWorld();
    const crash: StepScript = (terminal) => {
      terminal.err(text);
      return exited(exitCode);
    };

    await world.end(world.run({ script: { steps: { apply: crash } } }));

    expect(world.result()).toMatchObject({ outcome: "unknown", exitCode, failure: { code } });
  });

  it("fails where only what a provisioner printed looks like a crash", async () => {
    const world = await openWorld();
    const fail: StepScript = (terminal) => {
      terminal.out("a (local-exec): panic: runtime error\n");
      terminal.err("\nError: local-exec provisioner error\n\nexit status 2. Output: a panic: there was one\n");
      return exited(1);
    };

    await world.end(world.run({ script: { steps: { apply: fail } } }));

    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "apply-failed" } });
  });

  it("fails, with nothing run, where the engine found another digest than was decided", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { digest: OTHER_DIGEST } });

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "failed", digest: null, failure: { code: "digest-mismatch" } });
    expect(runner.engine.started).toEqual([]);
  });

  it.each(["module-missing", "terraform-missing"] as const)("fails where the engine says %s", async (code) => {
    const world = await openWorld();
    const problem = new RunnerError({ code, message: "not there", hint: "put it there" });

    await world.end(world.run({ script: { problem } }));

    expect(world.result()).toMatchObject({
      outcome: "failed",
      exitCode: null,
      failure: { code, hint: "put it there" },
    });
  });

  it.each([
    ["plan", "failed"],
    ["apply", "unknown"],
  ])("tells a defect that shows in %s as %s, and still leaves the group", async (step, outcome) => {
    const world = await openWorld();
    const broken: StepScript = () => {
      throw new Error(`no more memory for AKIA${"IOSFODNN7EXAMPLE"}`);
    };

    const end = await world.end(world.run({ script: { steps: { [step]: broken } } }));

    expect(end).toMatchObject({ kind: "deployed", stored: true, retired: true });
    expect(world.result()).toMatchObject({
      outcome,
      exitCode: null,
      failure: { code: "runner-failed", message: "no more memory for [redacted AWS access key]" },
    });
  });

  it("refuses a module without a remote backend, whose state would be lost with the instance", async () => {
    const world = await openWorld(anAssignment({ state: "image" }));
    const runner = world.run();

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "no-remote-backend" } });
    expect(runner.engine.started.map(({ step }) => step)).toEqual(["init"]);
  });

  it.each(["", '{"version":3,"backend":{"ty', "\u0000"])(
    "goes no further where what init has noted of the backend can not be read: %j",
    async (text) => {
      const world = await openWorld(anAssignment({ state: "image" }));
      const runner = world.run();
      runner.engine.files.set(".terraform/terraform.tfstate", text);

      await world.end(runner);

      expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "volume-unreadable" } });
      expect(world.result()?.failure?.message).toContain("in .terraform/terraform.tfstate is not JSON");
      expect(runner.engine.started.map(({ step }) => step)).toEqual(["init"]);
    },
  );

  it.each(["null", "{}", '{"version":3,"backend":null}', '{"backend":{"type":"local"}}'])(
    "refuses a module whose init has noted %s",
    async (text) => {
      const world = await openWorld(anAssignment({ state: "image" }));
      const runner = world.run();
      runner.engine.files.set(".terraform/terraform.tfstate", text);

      await world.end(runner);

      expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "no-remote-backend" } });
    },
  );

  it("takes a module with a backend of its own as it is", async () => {
    const world = await openWorld(anAssignment({ state: "image" }));
    const runner = world.run();
    runner.engine.files.set(".terraform/terraform.tfstate", '{"version":3,"backend":{"type":"gcs"}}');

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "succeeded" });
    expect(runner.engine.files.has("windlass_override.tf")).toBe(false);
  });
});
