import { describe, expect, it } from "vitest";
import type { StepExit } from "./engine.ts";
import type { StepRun } from "./run-step.ts";
import type { StopReason } from "./stop.ts";
import { stateUnsaved } from "./unsaved-state.ts";
import { judgeApply, judgeStep, stopped } from "./verdict.ts";

const FINE: StepExit = { kind: "exited", code: 0 };
const REFUSED: StepExit = { kind: "exited", code: 1 };
const KILLED: StepExit = { kind: "killed", signal: "SIGKILL", outOfMemory: false };
const CANCEL: StopReason = { kind: "cancelled", by: "ada", reason: "wrong image" };
const STOPS: readonly StopReason[] = [
  { kind: "timeout", seconds: 60 },
  { kind: "interrupted", signal: "SIGTERM" },
  { kind: "fenced", seconds: 180 },
];

function stepRun(change: Partial<StepRun> = {}): StepRun {
  const nothing = { stop: null, forced: false, error: null, stateUnsaved: false, crash: null, lock: null };
  return { step: "apply", exit: FINE, seconds: 1, logged: Promise.resolve(), ...nothing, ...change };
}

describe("a step that did not start", () => {
  const failure = { code: "terraform-missing", hint: "put it there", retryable: false } as const;

  it.each([
    ["init", (run: StepRun) => judgeStep(run, null)],
    ["apply", judgeApply],
  ] as const)("has changed nothing, also as %s, and tells what kept it from it", (step, judge) => {
    const exit: StepExit = { kind: "not-started", problem: "there is none", failure };

    expect(judge(stepRun({ step, exit }))).toEqual({
      outcome: "failed",
      exitCode: 127,
      failure: { code: "terraform-missing", message: "there is none", hint: "put it there" },
    });
  });

  it("is tried again where nothing is wrong with the image", () => {
    const missing = { code: "engine-missing", hint: null, retryable: true } as const;
    const exit: StepExit = { kind: "not-started", problem: "no daemon", failure: missing };

    expect(judgeStep(stepRun({ step: "init", exit }), null)).toMatchObject({
      outcome: "interrupted",
      failure: { code: "engine-missing" },
    });
  });

  it.each([undefined, { ...failure, code: "config-invalid" as const }])(
    "has no code of its own where the engine has none for a deployment: %j",
    (other) => {
      const exit: StepExit = { kind: "not-started", problem: "no", ...(other === undefined ? {} : { failure: other }) };

      expect(judgeApply(stepRun({ exit })).failure?.code).toBe("terraform-not-started");
    },
  );
});

describe("judgeStep", () => {
  it("lets a deployment go on after a step that succeeded", () => {
    expect(judgeStep(stepRun({ step: "plan" }), null)).toBeNull();
  });

  it.each(["init", "plan", "show"] as const)("ends it where %s failed, with what Terraform said", (step) => {
    const verdict = judgeStep(stepRun({ step, exit: REFUSED, error: "Error: no" }), null);

    expect(verdict).toEqual({
      outcome: "failed",
      exitCode: 1,
      failure: { code: `${step}-failed`, message: "Error: no", hint: null },
    });
  });

  it("says so where Terraform said nothing", () => {
    const verdict = judgeStep(stepRun({ step: "plan", exit: { kind: "exited", code: 2 } }), null);

    expect(verdict?.failure?.message).toBe("terraform plan ended with exit code 2 and told no error");
  });

  it("names a lock that somebody else holds", () => {
    const error = "Error: Error acquiring the state lock\n\nLock Info: ...";

    expect(judgeStep(stepRun({ step: "plan", exit: REFUSED, error }), null)?.failure?.code).toBe("state-locked");
  });

  it.each([
    "Error: Failed to write plan file\n\nwrite windlass.tfplan: no space left on device",
    "Error: local-exec provisioner error\n\ncp: error writing 'x': No space left on device",
    "Error: Failed to install provider\n\nwrite .terraform/x: disk quota exceeded",
  ])("knows a full disk in whatever spelling: %s", (error) => {
    const { failure } = judgeStep(stepRun({ step: "plan", exit: REFUSED, error }), null) ?? {};

    expect(failure).toMatchObject({ code: "disk-full", message: error, hint: expect.stringContaining("larger") });
  });

  it("says which version is needed where Terraform does not know S3's own locks", () => {
    const error = 'Error: Invalid backend configuration argument\n\nThe argument "use_lockfile" is not expected';

    const failure = judgeStep(stepRun({ step: "init", exit: REFUSED, error }), null)?.failure;

    expect(failure).toMatchObject({
      code: "init-failed",
      hint: "state: managed needs Terraform or OpenTofu 1.10 or newer",
    });
  });

  it("is no worse than a failure where Terraform was killed: nothing was applied", () => {
    expect(judgeStep(stepRun({ step: "plan", exit: KILLED }), null)).toMatchObject({
      outcome: "failed",
      exitCode: 137,
      failure: { code: "terraform-killed" },
    });
  });

  it("is no worse than a failure either where a signal ended what Terraform was started by, or a provider crashed", () => {
    const killed = judgeStep(stepRun({ step: "plan", exit: { kind: "exited", code: 137 } }), null);
    const crashed = judgeStep(stepRun({ step: "plan", exit: REFUSED, crash: "provider" }), null);

    expect(killed).toMatchObject({ outcome: "failed", exitCode: 137, failure: { code: "terraform-killed" } });
    expect(crashed).toMatchObject({ outcome: "failed", exitCode: 1, failure: { code: "provider-crashed" } });
  });

  it("ends it where a stop was requested, even if the step went well", () => {
    expect(judgeStep(stepRun({ step: "plan" }), CANCEL)).toMatchObject({ outcome: "cancelled", exitCode: 0 });
  });

  it("tells that Terraform could not be started", () => {
    const exit: StepExit = { kind: "not-started", problem: "spawn EACCES" };

    expect(judgeStep(stepRun({ step: "init", exit }), null)).toEqual({
      outcome: "failed",
      exitCode: 127,
      failure: { code: "terraform-not-started", message: "spawn EACCES", hint: null },
    });
  });
});

describe("judgeApply", () => {
  it("is a success with exit code 0", () => {
    expect(judgeApply(stepRun())).toEqual({ outcome: "succeeded", exitCode: 0, failure: null });
  });

  it.each([CANCEL, ...STOPS])("is a success with exit code 0 also where a stop ($kind) came too late", (stop) => {
    expect(judgeApply(stepRun({ stop })).outcome).toBe("succeeded");
  });

  it("is a failure where Terraform said no", () => {
    expect(judgeApply(stepRun({ exit: REFUSED, error: "Error: denied" }))).toEqual({
      outcome: "failed",
      exitCode: 1,
      failure: { code: "apply-failed", message: "Error: denied", hint: null },
    });
  });

  it.each(STOPS)("is a failure with its own code where a stop ($kind) ended it in good order", (stop) => {
    const verdict = judgeApply(stepRun({ exit: REFUSED, error: "Error: halted", stop }));

    expect(verdict).toMatchObject({ outcome: "failed", exitCode: 1, failure: { code: stop.kind } });
    expect(verdict.failure?.message).toContain("Error: halted");
    expect(verdict.failure?.hint).toContain("part of the plan may be applied");
  });

  it("is cancelled where a person's cancel ended it in good order", () => {
    expect(judgeApply(stepRun({ exit: REFUSED, stop: CANCEL }))).toMatchObject({
      outcome: "cancelled",
      failure: { code: "cancelled", message: "cancelled by ada: wrong image; stopped in terraform apply" },
    });
  });

  it.each([
    ["killed by somebody", { exit: KILLED }],
    ["killed by the runner", { exit: KILLED, forced: true, stop: CANCEL }],
    ["made to give up by a second interrupt", { exit: REFUSED, forced: true, stop: CANCEL }],
  ])("is unknown where Terraform was %s", (_how, change) => {
    expect(judgeApply(stepRun(change))).toMatchObject({ outcome: "unknown", failure: { code: "terraform-killed" } });
  });

  it.each([129, 130, 134, 137, 139, 143, 255])(
    "is unknown with exit code %i: a signal ended Terraform below whoever tells it",
    (code) => {
      const verdict = judgeApply(stepRun({ exit: { kind: "exited", code }, error: "Error: no" }));

      expect(verdict).toMatchObject({
        outcome: "unknown",
        exitCode: code,
        failure: { code: "terraform-killed", hint: expect.stringContaining("fresh plan") },
      });
      expect(verdict.failure?.message).toContain("Error: no");
    },
  );

  it.each([
    ["provider", "provider-crashed"],
    ["terraform", "terraform-crashed"],
  ] as const)("is unknown where a crash of the %s shows: the state may lack what was made", (crash, code) => {
    for (const stop of [null, CANCEL]) {
      const verdict = judgeApply(stepRun({ exit: REFUSED, error: "Error: Plugin did not respond", crash, stop }));

      expect(verdict).toMatchObject({
        outcome: "unknown",
        failure: { code, hint: expect.stringContaining("import") },
      });
      expect(verdict.failure?.message).toContain("Error: Plugin did not respond");
    }
  });

  it("is a failure where apply never started", () => {
    expect(judgeApply(stepRun({ exit: { kind: "not-started", problem: "spawn E2BIG" } })).outcome).toBe("failed");
  });
});

describe("stopped", () => {
  it.each([
    [{ kind: "after", step: null } as const, "stopped before Terraform ran"],
    [{ kind: "after", step: "init" } as const, "stopped after terraform init, before apply"],
    [{ kind: "after", step: "show" } as const, "stopped after terraform show, before apply"],
    [{ kind: "in", run: stepRun({ step: "plan" }) } as const, "stopped in terraform plan"],
  ])("says where: %o", (where, message) => {
    for (const stop of [CANCEL, ...STOPS]) {
      expect(stopped(stop, where).failure?.message).toMatch(new RegExp(`; ${message}$`));
    }
  });
});

describe("stateUnsaved", () => {
  it("says where the state is, and what to do with it", () => {
    const verdict = stateUnsaved(stepRun({ exit: REFUSED, error: "Error: Failed to save state" }), {
      kept: true,
      where: "s3://b/runs/x/errored.tfstate",
      problem: null,
      home: { kind: "backend" },
    });

    expect(verdict).toMatchObject({ outcome: "state-unsaved", exitCode: 1, failure: { code: "state-unsaved" } });
    expect(verdict.failure?.hint).toContain("s3://b/runs/x/errored.tfstate");
    expect(verdict.failure?.hint).toContain("terraform state push");
  });

  it("does not promise a state that is lost", () => {
    const verdict = stateUnsaved(stepRun({ exit: REFUSED }), {
      kept: false,
      where: "s3://b/k",
      problem: null,
      home: { kind: "backend" },
    });

    expect(verdict.failure?.hint).not.toContain("s3://b/k");
  });
});

describe("messages", () => {
  it("never exceed 4,000 characters", () => {
    const error = `Error: ${"x".repeat(5000)}`;
    const run = stepRun({ exit: REFUSED, error });

    for (const verdict of [
      judgeApply(run),
      judgeStep(run, null),
      stopped(CANCEL, { kind: "in", run }),
      stateUnsaved(run, { kept: true, where: "", problem: null, home: { kind: "backend" } }),
    ]) {
      expect(verdict?.failure?.message).toHaveLength(4000);
      expect(verdict?.failure?.message).toMatch(/\[cut\]$/);
    }
  });
});
