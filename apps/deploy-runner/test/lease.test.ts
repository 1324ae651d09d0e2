import { S3Client } from "@aws-sdk/client-s3";
import type { Lease } from "@windlass/deployment";
import { createLedgerStore } from "@windlass/ledger-store";
import type { FaultSubject } from "@windlass/sandbox";
import { describe, expect, it } from "vitest";
import { ACCOUNT, anAssignment, BUCKET, DEPLOYMENT } from "./support/records.ts";
import { exited, type StepScript } from "./support/scripted-engine.ts";
import { obedient, toObject } from "./support/scripts.ts";
import { openWorld, type World } from "./support/world.ts";

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
      world.sandbox.faults.add({
        service: "s3",
        kind: "error-after",
        action: "PutObject",
        match: toObject("lease.json"),
      });
      terminal.out('{"applyable":true}');
      return exited(0);
    };
    const runner = world.run({ script: { steps: { show } } });

    await world.end(runner);

    expect(runner.engine.started.map(({ step }) => step)).not.toContain("apply");
    expect(world.result()).toMatchObject({ outcome: "interrupted", failure: { code: "fenced" } });
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

/** A store whose next lease write times out at once, and arrives at S3 a while later. */
function delayNextWrite(world: World) {
  const { requestHandler, ...client } = world.sandbox.clientConfig({ account: ACCOUNT, role: "deploy-instance" });
  const arrived: unknown[] = [];
  let delaySeconds: number | null = null;
  const handler: typeof requestHandler = {
    ...requestHandler,
    async handle(request, options) {
      const isLease = request.method === "PUT" && request.path.endsWith("lease.json");
      if (!isLease || delaySeconds === null) return requestHandler.handle(request, options);
      world.clock.schedule(delaySeconds * 1000, async () => {
        const { response } = await requestHandler.handle(request, options);
        arrived.push(response.statusCode);
      });
      delaySeconds = null;
      throw Object.assign(new Error("no answer in time"), { name: "TimeoutError" });
    },
  };
  const store = createLedgerStore({
    client: new S3Client({ ...client, maxAttempts: 1, requestHandler: handler }),
    bucket: BUCKET,
  });
  return {
    store,
    /** HTTP statuses that late writes got, which nobody waits for. */
    arrived,
    by(seconds: number) {
      delaySeconds = seconds;
    },
  };
}

describe("a lease write that times out and arrives later", () => {
  it("never wins over a phase that was acknowledged meanwhile", async () => {
    const world = await openWorld();
    const delayed = delayNextWrite(world);
    const plan: StepScript = async (terminal) => {
      delayed.by(60);
      await terminal.sleep(25);
      return exited(0);
    };
    const phases: unknown[] = [];
    const apply: StepScript = async (terminal) => {
      for (let seconds = 0; seconds < 90; seconds += 1) {
        phases.push(world.lease()?.phase);
        await terminal.sleep(1);
      }
      return exited(0);
    };

    await world.end(world.run({ script: { steps: { plan, apply } }, ports: { store: delayed.store } }));

    expect(delayed.arrived).toEqual([412]);
    expect(new Set(phases)).toEqual(new Set(["applying"]));
    expect(world.result()).toMatchObject({ outcome: "succeeded" });
  });

  it("is found to be one's own where it arrives before the next one, and the lease goes on", async () => {
    const world = await openWorld();
    const delayed = delayNextWrite(world);
    const apply: StepScript = async (terminal) => {
      delayed.by(2);
      await terminal.sleep(400);
      return exited(0);
    };
    const runner = world.run({ script: { steps: { apply } }, ports: { store: delayed.store } });
    await world.pass(300);
    const age = world.clock.now() - Date.parse(world.lease()?.at ?? "");

    await world.end(runner);

    expect(delayed.arrived).toEqual([200]);
    expect(age).toBeLessThanOrEqual(20_000);
    expect(world.result()).toMatchObject({ outcome: "succeeded" });
  });

  it("is found to be one's own also where it arrives right before the next one", async () => {
    const world = await openWorld();
    const delayed = delayNextWrite(world);
    // The look back, 5 s after the write was given up, still sees the lease before it.
    const match = (subject: FaultSubject) => subject.action === "PutObject" && toObject("lease.json")(subject);
    const apply: StepScript = async (terminal) => {
      world.sandbox.faults.add({ service: "s3", kind: "latency", ms: 1_000, match, times: 1 });
      delayed.by(5.5);
      await terminal.sleep(60);
      return exited(0);
    };

    await world.end(world.run({ script: { steps: { apply } }, ports: { store: delayed.store } }));

    expect(world.sandbox.calls.entries.map(({ outcome }) => outcome)).toContain("PreconditionFailed");
    expect(world.result()).toMatchObject({ outcome: "succeeded" });
  });
});

describe("the lease of another", () => {
  it.each([
    ["of another runner", { ...aLeaseOfAnother() }],
    ["that can not be read", { schema: 2 }],
  ])("%s in the place of one's own is not overwritten, and stops the deployment", async (_what, other) => {
    const world = await openWorld();
    const runner = world.run({ script: { steps: { apply: obedient(10) } } });
    await world.pass(30);
    const text = JSON.stringify(other);
    world.sandbox.account(ACCOUNT).s3.write(BUCKET, `runs/${DEPLOYMENT}/lease.json`, text);

    await world.end(runner);

    expect(runner.engine.events).toEqual(["interrupt apply", "dispose"]);
    expect(world.result()).toMatchObject({ outcome: "failed", failure: { code: "displaced" } });
    expect(world.sandbox.account(ACCOUNT).s3.read(BUCKET, `runs/${DEPLOYMENT}/lease.json`)?.text).toBe(text);
  });

  it("that is gone is written anew", async () => {
    const world = await openWorld();
    const runner = world.run();
    await world.pass(30);
    world.sandbox.account(ACCOUNT).s3.remove(BUCKET, `runs/${DEPLOYMENT}/lease.json`);

    await world.pass(21);

    expect(world.lease()).toMatchObject({ phase: "applying" });
    await world.end(runner);
  });
});

function aLeaseOfAnother(): Lease {
  const { deployment, epoch, decidedAt: at } = anAssignment();
  const phase = "planning";
  return { schema: 1, deployment, epoch, instance: "i-2", nonce: "the other's", phase, progress: null, at };
}
