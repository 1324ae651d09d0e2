import { describe, expect, it } from "vitest";
import { ACCOUNT, anAssignment, BUCKET, DEPLOYMENT, DIGEST, someSettings } from "./support/records.ts";
import { exited, planOf, type StepScript } from "./support/scripted-engine.ts";
import { toObject } from "./support/scripts.ts";
import { openWorld } from "./support/world.ts";

const { nonce } = someSettings();

describe("a deployment", () => {
  it("goes from its assignment to a result, then its instance leaves the group", async () => {
    const world = await openWorld();

    const end = await world.end(world.run());

    expect(end).toMatchObject({ kind: "deployed", stored: true, retired: true });
    expect(world.result()).toMatchObject({
      deployment: DEPLOYMENT,
      epoch: 7,
      instance: world.instance,
      nonce,
      outcome: "succeeded",
      exitCode: 0,
      digest: DIGEST,
      plan: { add: 2, change: 0, destroy: 0 },
      failure: null,
      steps: [
        { step: "init", exitCode: 0, seconds: 2 },
        { step: "plan", exitCode: 0, seconds: 3 },
        { step: "show", exitCode: 0, seconds: 0 },
        { step: "apply", exitCode: 0, seconds: 60 },
      ],
    });
    expect(world.members()).toEqual([]);
    expect(world.desired()).toBe(0);
  });

  it("is protected from scale-in before it is claimed", async () => {
    const world = await openWorld();

    await world.end(world.run());

    const calls = world.sandbox.calls.entries.map(({ service, action }) => `${service}:${action}`);
    const protect = calls.indexOf("autoscaling:SetInstanceProtection");
    expect(protect).toBeGreaterThanOrEqual(0);
    expect(protect).toBeLessThan(calls.indexOf("s3:PutObject"));
  });

  it("shows its phases and how far apply is, at most one lease interval late", async () => {
    const world = await openWorld();
    const runner = world.run({ script: { prepareSeconds: 5 } });
    const seen: string[] = [];

    for (let seconds = 0; seconds < 80; seconds += 1) {
      await world.pass(1);
      const lease = world.lease();
      const shown = `${lease?.phase} ${lease?.progress}`;
      if (seen.at(-1) !== shown) seen.push(shown);
    }
    await world.end(runner);

    expect(seen).toEqual([
      "pulling null",
      "planning null",
      "applying null",
      "applying 0/2",
      "applying 1/2",
      "saving null",
    ]);
  });

  it("renews its lease every 20 s, also between phases", async () => {
    const world = await openWorld();
    const slowPlan: StepScript = async (terminal) => {
      await terminal.sleep(600);
      return exited(0);
    };
    const runner = world.run({ script: { steps: { plan: slowPlan } } });
    await world.pass(30);

    for (let times = 0; times < 20; times += 1) {
      await world.pass(25);
      expect(world.clock.now() - Date.parse(world.lease()?.at ?? "")).toBeLessThanOrEqual(20_000);
    }
    await world.end(runner);
  });

  it("keeps logs of init, plan and apply, and the plan as JSON, in the bucket", async () => {
    const world = await openWorld();

    await world.end(world.run());

    const deployment = anAssignment().deployment;
    expect(await world.store.readLog({ deployment, step: "init" })).toBe(
      "Terraform has been successfully initialized!\n",
    );
    expect(await world.store.readLog({ deployment, step: "plan" })).toContain("2 to add");
    expect(await world.store.readLog({ deployment, step: "apply" })).toContain("Apply complete!");
    expect(world.sandbox.account(ACCOUNT).s3.read(BUCKET, `runs/${DEPLOYMENT}/plan.json`)?.text).toBe(planOf(2));
  });

  it("shows each line of a running step within 5 s", async () => {
    const world = await openWorld();
    const runner = world.run();
    await world.pass(36);
    const before = await world.store.readLog({ deployment: anAssignment().deployment, step: "apply" });

    await world.pass(6);

    const after = await world.store.readLog({ deployment: anAssignment().deployment, step: "apply" });
    expect(before).not.toContain("terraform_data.a");
    expect(after).toContain("terraform_data.a: Creation complete");
    expect(after).not.toContain("terraform_data.b");
    await world.end(runner);
  });

  it("stores its result last", async () => {
    const world = await openWorld();

    await world.end(world.run());

    const puts = world.sandbox.calls.entries.filter(
      ({ service, action }) => service === "s3" && action === "PutObject",
    );
    const s3 = world.sandbox.account(ACCOUNT).s3;
    const storedAt = s3.read(BUCKET, `runs/${DEPLOYMENT}/result.json`)?.modifiedAt.getTime() ?? 0;
    const others = s3.keys(BUCKET, `runs/${DEPLOYMENT}/`).map((key) => s3.read(BUCKET, key)?.modifiedAt.getTime() ?? 0);
    expect(puts.length).toBeGreaterThan(5);
    expect(Math.max(...others)).toBe(storedAt);
    expect(s3.versions(BUCKET, `runs/${DEPLOYMENT}/result.json`)).toHaveLength(1);
  });

  it("succeeds without an apply where there is nothing to apply", async () => {
    const world = await openWorld();
    const show: StepScript = (terminal) => {
      terminal.out(planOf(0));
      return exited(0);
    };
    const runner = world.run({ script: { steps: { show } } });

    await world.end(runner);

    expect(world.result()).toMatchObject({
      outcome: "noop",
      exitCode: 0,
      digest: DIGEST,
      plan: { add: 0, change: 0, destroy: 0 },
    });
    expect(runner.engine.started.map(({ step }) => step)).toEqual(["init", "plan", "show"]);
    expect(runner.logged.join("\n")).toContain("nothing to apply");
    expect(world.lease()?.phase).toBe("planning");
  });

  it("goes on without counts where the plan's JSON is not understood", async () => {
    const world = await openWorld();
    const show: StepScript = (terminal) => {
      terminal.out("not JSON");
      return exited(0);
    };

    await world.end(world.run({ script: { steps: { show } } }));

    expect(world.result()).toMatchObject({ outcome: "succeeded", plan: null });
  });

  it("tells no secrets, neither in the log nor in the failure", async () => {
    const world = await openWorld();
    const secret = `AKIA${"IOSFODNN7EXAMPLE"}`;
    const apply: StepScript = async (terminal) => {
      terminal.out(`using ${secret.slice(0, 9)}`);
      await terminal.sleep(1);
      terminal.out(`${secret.slice(9)}\n`);
      terminal.err(`Error: key ${secret} is no good, nor is hunter2-hunter2\n`);
      return exited(1);
    };

    await world.end(world.run({ script: { steps: { apply } }, settings: { secrets: ["hunter2-hunter2"] } }));

    const log = await world.store.readLog({ deployment: anAssignment().deployment, step: "apply" });
    expect(log).toContain("using [redacted AWS access key]\n");
    expect(world.result()?.failure?.message).toBe(
      "Error: key [redacted AWS access key] is no good, nor is [redacted credential]",
    );
  });

  it("goes on where logs can not be stored", async () => {
    const world = await openWorld();
    const match = toObject(".log");
    world.sandbox.faults.add({ service: "s3", kind: "error-before", status: 403, code: "AccessDenied", match });
    const runner = world.run();

    await world.end(runner);

    expect(world.result()).toMatchObject({ outcome: "succeeded" });
    expect(runner.logged.join("\n")).toContain("log incomplete");
  });

  it("has a gapless log where storing it failed for a while", async () => {
    const world = await openWorld();
    const match = toObject(".log");
    const apply: StepScript = async (terminal) => {
      for (let line = 0; line < 30; line += 1) {
        terminal.out(`line ${line}\n`);
        await terminal.sleep(2);
      }
      return exited(0);
    };
    const runner = world.run({ script: { steps: { apply } } });
    await world.pass(12);
    const heal = world.sandbox.faults.add({ service: "s3", kind: "error-after", match });
    await world.pass(20);
    heal();

    await world.end(runner);

    const log = await world.store.readLog({ deployment: anAssignment().deployment, step: "apply" });
    expect(log).toBe(Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join(""));
    expect(world.sandbox.faults.fired()["error-after"]).toBeGreaterThan(1);
  });
});
