import type { Claim } from "@windlass/deployment";
import { describe, expect, it } from "vitest";
import { ACCOUNT, anAssignment, BUCKET, DEPLOYMENT, GROUP } from "./support/records.ts";
import { toObject } from "./support/scripts.ts";
import { openWorld } from "./support/world.ts";

function claimOfLambda(): Claim {
  const { deployment, epoch, decidedAt } = anAssignment();
  return { schema: 1, deployment, epoch, holder: "lambda", instance: null, nonce: "another", at: decidedAt };
}

describe("the claim", () => {
  it("is left to whoever was faster, and the loser leaves the group without having run anything", async () => {
    const world = await openWorld();
    await world.store.claim(claimOfLambda());
    const runner = world.run();

    const end = await world.end(runner);

    expect(end).toMatchObject({ kind: "claim-lost", by: { holder: "lambda" }, retired: true });
    expect(runner.engine.started).toEqual([]);
    expect(world.lease()).toBeNull();
    expect(world.result()).toBeNull();
    expect(world.members()).toEqual([]);
    expect(world.desired()).toBe(0);
  });

  it("has one winner among two instances, and the winner's instance stays in the group", async () => {
    const world = await openWorld();
    // Rebalancing launches a second instance beside the first one.
    const groups = world.sandbox.account(ACCOUNT).autoScaling();
    const winner = world.run();
    await world.pass(12);
    expect(groups.rebalance(GROUP)).toBe(true);
    await world.pass(30);
    const second = world.members().find((id) => id !== world.instance);

    const loser = world.run({ settings: { instance: second ?? "none", nonce: "the second's" } });
    const lost = await world.end(loser);

    expect(lost).toMatchObject({ kind: "claim-lost", by: { instance: world.instance }, retired: true });
    expect(loser.engine.started).toEqual([]);
    expect(world.members()).toContain(world.instance);
    expect(world.members()).not.toContain(second);
    expect(world.desired()).toBe(1);
    await world.end(winner);
    expect(world.result()).toMatchObject({ outcome: "succeeded", instance: world.instance });
  });

  it("is known for one's own when its reply was lost", async () => {
    const world = await openWorld();
    const match = toObject("claim.json");
    world.sandbox.faults.add({ service: "s3", action: "PutObject", kind: "error-after", match, times: 1 });

    const end = await world.end(world.run());

    expect(end).toMatchObject({ kind: "deployed", stored: true });
    expect(world.sandbox.faults.fired()["error-after"]).toBe(1);
    expect(world.sandbox.account(ACCOUNT).s3.versions(BUCKET, `runs/${DEPLOYMENT}/claim.json`)).toHaveLength(1);
  });

  it("is not given up at the first error, and not taken for lost at a conflict", async () => {
    const world = await openWorld();
    const match = toObject("claim.json");
    world.sandbox.faults.add({ service: "s3", kind: "error-before", status: 503, code: "SlowDown", match, times: 10 });
    world.sandbox.account(ACCOUNT).s3.conflictNext(2);

    expect(await world.end(world.run())).toMatchObject({ kind: "deployed", stored: true });
  });

  it("is not tried for ever", async () => {
    const world = await openWorld();
    const match = toObject("claim.json");
    world.sandbox.faults.add({ service: "s3", kind: "error-before", status: 503, code: "SlowDown", match });
    const runner = world.run();

    expect(await world.end(runner)).toMatchObject({ kind: "refused", retired: true });
    expect(runner.engine.started).toEqual([]);
  });
});

describe("before the claim", () => {
  it("a runner in another account than the assignment's touches nothing", async () => {
    const world = await openWorld();
    const runner = world.run({ ports: { identity: { account: async () => "444444444444" } } });

    const end = await world.end(runner);

    expect(end).toMatchObject({
      kind: "refused",
      error: { code: "wrong-account", expected: ACCOUNT, found: "444444444444" },
    });
    expect(world.sandbox.account(ACCOUNT).s3.keys(BUCKET, "runs/")).toEqual([`runs/${DEPLOYMENT}/assignment.json`]);
    expect(world.members()).toEqual([]);
  });

  it.each([
    ["account", { account: "444444444444" }],
    ["area", { area: "production" }],
    ["region", { region: "eu-north-1" }],
  ])("an assignment for another %s is refused", async (_what, change) => {
    const world = await openWorld(anAssignment(change));

    const end = await world.end(world.run());

    expect(end).toMatchObject({ kind: "refused", error: { code: "assignment-foreign" }, retired: true });
    expect(world.result()).toBeNull();
  });

  it("an assignment that is missing ends the instance", async () => {
    const world = await openWorld(null);

    const end = await world.end(world.run());

    expect(end).toMatchObject({ kind: "refused", error: { code: "assignment-missing" }, retired: true });
    expect(world.members()).toEqual([]);
  });

  it("an assignment of a form that is not known ends the instance", async () => {
    const world = await openWorld(null);
    const text = JSON.stringify({ ...anAssignment(), schema: 2 });
    world.sandbox.account(ACCOUNT).s3.write(BUCKET, `runs/${DEPLOYMENT}/assignment.json`, text);

    const end = await world.end(world.run());

    expect(end).toMatchObject({ kind: "refused", error: { code: "assignment-invalid" }, retired: true });
  });

  it("an instance that can not be protected yet waits for it", async () => {
    const world = await openWorld();
    const runner = world.run();
    world.sandbox.faults.add({
      service: "autoscaling",
      action: "SetInstanceProtection",
      kind: "error-before",
      status: 400,
      code: "ValidationError",
      times: 3,
    });

    expect(await world.end(runner)).toMatchObject({ kind: "deployed", stored: true });
  });

  it("an instance that can not be protected at all does not claim", async () => {
    const world = await openWorld();
    world.sandbox.faults.add({ service: "autoscaling", action: "SetInstanceProtection", kind: "error-before" });

    expect(await world.end(world.run())).toMatchObject({ kind: "refused" });
    expect(world.sandbox.account(ACCOUNT).s3.read(BUCKET, `runs/${DEPLOYMENT}/claim.json`)).toBeNull();
  });

  it("credentials that AWS STS does not accept end the instance, after a while of trying", async () => {
    const world = await openWorld();
    world.sandbox.faults.add({ service: "sts", kind: "error-before", status: 403, code: "ExpiredToken" });

    const end = await world.end(world.run());

    expect(end).toMatchObject({
      kind: "refused",
      error: { name: "RunnerError", code: "identity-unreadable", found: expect.stringContaining("ExpiredToken") },
      retired: true,
    });
    expect(world.members()).toEqual([]);
  });

  it("AWS STS is asked again where it did not answer", async () => {
    const world = await openWorld();
    world.sandbox.faults.add({ service: "sts", kind: "error-before", code: "ECONNRESET", times: 3 });

    expect(await world.end(world.run())).toMatchObject({ kind: "deployed", stored: true });
  });

  it("a defect that nobody foresaw ends the instance, too, and is told without its secrets", async () => {
    const world = await openWorld();
    const readAssignment = async () => {
      throw new TypeError("no more memory for s3cret-value");
    };
    const runner = world.run({
      ports: { store: { ...world.store, readAssignment } },
      settings: { secrets: ["s3cret-value"] },
    });

    const end = await world.end(runner);

    expect(end).toMatchObject({
      kind: "refused",
      error: {
        name: "RunnerError",
        code: "runner-failed",
        message: expect.stringMatching(/^no more memory for \[redacted[^\]]*\]$/),
      },
      retired: true,
    });
    expect(runner.logged.join("\n")).toContain("deployment refused");
    expect(world.members()).toEqual([]);
  });

  it("a stop ends the runner at once, with nothing touched", async () => {
    const world = await openWorld();
    world.sandbox.faults.add({ service: "autoscaling", action: "SetInstanceProtection", kind: "error-before" });
    const runner = world.run();
    await world.pass(30);

    runner.stop.request({ kind: "interrupted", signal: "SIGTERM" });
    const began = world.clock.now();
    const end = await world.end(runner);

    expect(end).toMatchObject({ kind: "refused", error: { code: "stopped" }, retired: true });
    expect(world.clock.now() - began).toBeLessThan(20_000);
  });
});
