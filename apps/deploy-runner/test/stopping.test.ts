import { describe, expect, it } from "vitest";
import { ACCOUNT, anAssignment, BUCKET, DEPLOYMENT } from "./support/records.ts";
import { exited, type StepScript } from "./support/scripted-engine.ts";
import { openWorld, type World } from "./support/world.ts";

/** Applies for ever, and stops in good order a while after an interrupt. */
function obedient(seconds: number): StepScript {
  return async (terminal) => {
    await terminal.interrupt(1);
    await terminal.sleep(seconds);
    terminal.err("Error: execution halted\n");
    return exited(1);
  };
}

/** Gives up at the second interrupt only. */
const stubborn: StepScript = async (terminal) => {
  await terminal.interrupt(2);
  return exited(1);
};

/** Does not care for interrupts. */
const deaf: StepScript = () => new Promise(() => {});

async function cancelNow(world: World): Promise<void> {
  const { deployment, decidedAt } = anAssignment();
  await world.store.putCancel({ schema: 1, deployment, by: "ada", reason: "wrong image", at: decidedAt });
}

type Subject = { readonly input: Readonly<Record<string, unknown>> };
const toObject = (name: string) => (subject: Subject) => String(subject.input["Key"]).endsWith(name);

describe("a cancel", () => {
  it("interrupts an apply and ends the deployment cancelled, once Terraform has stopped in good order", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: obedient(40) } } });
    await world.pass(30);
    expect(world.lease()?.phase).toBe("applying");

    await cancelNow(world);
    await world.end(runner);

    expect(runner.engine.events).toEqual(["interrupt apply", "dispose"]);
    expect(world.result()).toMatchObject({
      outcome: "cancelled",
      exitCode: 1,
      failure: { code: "cancelled", hint: "part of the plan may be applied; the state knows which" },
    });
    expect(world.result()?.failure?.message).toContain("cancelled by ada: wrong image");
  });

  it("is seen within one lease interval", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: obedient(1) } } });
    await world.pass(30);
    await cancelNow(world);

    await world.pass(20);

    expect(runner.engine.events).toContain("interrupt apply");
    await world.end(runner);
  });

  it("keeps an apply from starting, also when it came a moment before", async () => {
    const world = await openWorld();
    const show: StepScript = async (terminal) => {
      await cancelNow(world);
      terminal.out('{"resource_changes":[],"applyable":true}');
      return exited(0);
    };
    const runner = world.run({ script: { steps: { show } } });

    await world.end(runner);

    expect(runner.engine.started.map(({ step }) => step)).toEqual(["init", "plan", "show"]);
    expect(world.result()).toMatchObject({ outcome: "cancelled", failure: { code: "cancelled" } });
    expect(world.lease()?.phase).toBe("planning");
  });

  it("comes too late for an apply that succeeds all the same", async () => {
    const world = await openWorld();
    const apply: StepScript = async (terminal) => {
      await terminal.interrupt(1);
      return exited(0);
    };
    const runner = world.run({ script: { steps: { apply } } });
    await world.pass(30);

    await cancelNow(world);
    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "succeeded", failure: null });
  });

  it("stops the run also where its words can not be read", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { plan: obedient(1) } } });
    await world.pass(10);

    world.sandbox.account(ACCOUNT).s3.write(BUCKET, `runs/${DEPLOYMENT}/cancel.json`, "{}");
    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "cancelled" });
  });

  it("is looked for again where reading it failed", async () => {
    const world = await openWorld();
    const match = toObject("cancel.json");
    world.sandbox.faults.add({ service: "s3", action: "GetObject", kind: "error-before", match, times: 2 });
    const runner = world.run({ script: { steps: { plan: obedient(1) } } });
    await cancelNow(world);

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "cancelled" });
    expect(world.sandbox.faults.fired()["error-before"]).toBe(2);
  });
});

describe("a Terraform that does not stop", () => {
  it("is interrupted a second time after its grace, and what it left is unknown", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: stubborn } } });
    await world.pass(30);
    runner.stop.request({ kind: "cancelled", by: "ada", reason: "stop" });

    await world.pass(299);
    expect(runner.engine.events).toEqual(["interrupt apply"]);
    await world.end(runner);

    expect(runner.engine.events).toEqual(["interrupt apply", "interrupt apply", "dispose"]);
    expect(world.result()).toMatchObject({ outcome: "unknown", exitCode: 1, failure: { code: "terraform-killed" } });
  });

  it("is killed in the end", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: deaf } } });
    await world.pass(30);
    runner.stop.request({ kind: "interrupted", signal: "SIGTERM" });

    await world.pass(89);
    expect(runner.engine.events).toEqual(["interrupt apply", "interrupt apply"]);
    await world.end(runner);

    expect(runner.engine.events).toEqual(["interrupt apply", "interrupt apply", "kill apply", "dispose"]);
    expect(world.result()).toMatchObject({ outcome: "unknown", exitCode: 137, failure: { code: "terraform-killed" } });
  });

  it("gets less time once there is a more urgent reason", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: deaf } } });
    await world.pass(30);
    runner.stop.request({ kind: "cancelled", by: "ada", reason: "stop" });
    await world.pass(10);

    runner.stop.request({ kind: "interrupted", signal: "SIGTERM" });
    await world.pass(76);

    expect(runner.engine.events).toEqual(["interrupt apply", "interrupt apply"]);
    await world.end(runner);
    expect(world.result()?.failure?.message).toContain("cancelled by ada");
  });

  it("leaves nothing unknown where it was killed before apply", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { plan: deaf } } });
    await world.pass(5);
    runner.stop.request({ kind: "interrupted", signal: "SIGTERM" });

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "interrupted" } });
  });

  it("is unknown where somebody else killed it while it applied", async () => {
    const world = await openWorld();
    const apply: StepScript = () => ({ kind: "killed", signal: "SIGKILL" });

    await world.end(world.run({ script: { steps: { apply } } }));

    expect(world.result()).toMatchObject({ outcome: "unknown", exitCode: 137, failure: { code: "terraform-killed" } });
  });
});

describe("a time limit", () => {
  it("is the image's own, and counts from the claim", async () => {
    const world = await openWorld(anAssignment({ timeoutSeconds: 120 }));
    const runner = world.run({ script: { steps: { apply: obedient(1) } } });

    await world.pass(118);
    expect(runner.engine.events).toEqual([]);
    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "timeout" } });
    expect(world.result()?.failure?.message).toContain("not done within 120 s");
  });

  it("holds for the time before Terraform runs, too", async () => {
    const world = await openWorld(anAssignment({ timeoutSeconds: 60 }));
    const runner = world.run({ script: { prepareSeconds: 100 } });

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "timeout" } });
    expect(runner.engine.started.map(({ step }) => step)).not.toContain("plan");
  });
});

describe("a signal", () => {
  it("ends the deployment as interrupted, with the result stored and the instance gone", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: obedient(20) } } });
    await world.pass(30);

    runner.stop.request({ kind: "interrupted", signal: "SIGTERM" });
    const end = await world.end(runner);

    expect(end).toMatchObject({ kind: "deployed", stored: true, retired: true });
    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "interrupted" } });
    expect(world.result()?.failure?.message).toContain("SIGTERM");
  });
});

describe("a runner cut off from S3", () => {
  it("interrupts Terraform by itself after 180 s without a lease", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: obedient(10) } } });
    await world.pass(30);
    const lastLease = Date.parse(world.lease()?.at ?? "");
    const heal = world.sandbox.faults.add({ service: "s3", kind: "error-before", code: "ECONNRESET" });

    await world.pass((lastLease + 178_000 - world.clock.now()) / 1000);
    expect(runner.engine.events).toEqual([]);
    await world.pass(4);
    expect(runner.engine.events).toEqual(["interrupt apply"]);
    await world.pass(30);
    heal();
    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "fenced" } });
    expect(world.result()?.failure?.message).toContain("could not be renewed for 180 s");
  });

  it("does not go by the wall clock, which may be set back", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: obedient(10) } } });
    await world.pass(30);
    world.sandbox.faults.add({ service: "s3", kind: "error-before", code: "ECONNRESET" });
    world.skewMs = -3_600_000;

    await world.pass(182);

    expect(runner.engine.events).toContain("interrupt apply");
    await world.end(runner);
  });

  it("goes on where S3 comes back in time", async () => {
    const world = await openWorld();
    const slow: StepScript = async (terminal) => {
      await terminal.sleep(400);
      return exited(0);
    };
    const runner = world.run({ script: { steps: { apply: slow } } });
    await world.pass(30);
    const heal = world.sandbox.faults.add({ service: "s3", kind: "error-before", code: "ECONNRESET" });
    await world.pass(150);
    heal();

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "succeeded" });
    expect(runner.engine.events).toEqual(["dispose"]);
  });

  it("leaves the group also where its result can not be stored, but not before it has tried for ten minutes", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: obedient(10) } } });
    await world.pass(30);
    world.sandbox.faults.add({ service: "s3", kind: "error-before", code: "ECONNRESET" });
    const cutAt = world.clock.now();

    const end = await world.end(runner);

    expect(end).toMatchObject({ kind: "deployed", stored: false, retired: true });
    expect(world.result()).toBeNull();
    expect(world.clock.now() - cutAt).toBeGreaterThan(700_000);
    expect(world.lease()?.phase).toBe("applying");
  });
});

describe("the phase applying", () => {
  it("is stored before apply starts", async () => {
    const world = await openWorld();
    const seen: unknown[] = [];
    const apply: StepScript = () => {
      seen.push(world.lease()?.phase);
      return exited(0);
    };

    await world.end(world.run({ script: { steps: { apply } } }));

    expect(seen).toEqual(["applying"]);
  });

  it("keeps apply from starting as long as it can not be stored", async () => {
    const world = await openWorld();
    const show: StepScript = (terminal) => {
      world.sandbox.faults.add({ service: "s3", kind: "error-before", match: toObject("lease.json"), times: 9 });
      terminal.out('{"applyable":true}');
      return exited(0);
    };
    const runner = world.run({ script: { steps: { show } } });

    await world.pass(30);
    expect(runner.engine.started.map(({ step }) => step)).not.toContain("apply");
    await world.end(runner);

    expect(runner.engine.started.map(({ step }) => step)).toContain("apply");
    expect(world.result()).toMatchObject({ outcome: "succeeded" });
  });

  it("is no reason for an apply where it was never acknowledged, even if it was stored", async () => {
    const world = await openWorld();
    const show: StepScript = (terminal) => {
      world.sandbox.faults.add({ service: "s3", kind: "error-after", action: "PutObject", match: toObject("lease.json") });
      terminal.out('{"applyable":true}');
      return exited(0);
    };
    const runner = world.run({ script: { steps: { show } } });

    await world.end(runner);

    expect(runner.engine.started.map(({ step }) => step)).not.toContain("apply");
    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "fenced" } });
    expect(world.lease()?.phase).toBe("planning");
  });

  it("is never replaced by an older renewal that took longer", async () => {
    const world = await openWorld();
    const plan: StepScript = async (terminal) => {
      world.sandbox.faults.add({ service: "s3", kind: "latency", ms: 9_000, match: toObject("lease.json"), times: 1 });
      await terminal.sleep(18);
      return exited(0);
    };
    const phases: unknown[] = [];
    const apply: StepScript = async (terminal) => {
      for (let seconds = 0; seconds < 15; seconds += 1) {
        phases.push(world.lease()?.phase);
        await terminal.sleep(1);
      }
      return exited(0);
    };

    await world.end(world.run({ script: { steps: { plan, apply } } }));

    expect(new Set(phases)).toEqual(new Set(["applying"]));
    expect(world.sandbox.faults.fired().latency).toBe(1);
  });
});

describe("a state that could not be stored", () => {
  const STATE = '{"version":4,"serial":3}';
  const unsaved = (files: Map<string, string> | null): StepScript =>
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
