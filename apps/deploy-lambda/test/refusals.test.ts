import { describe, expect, it } from "vitest";
import { network, sliceWith } from "./support/mapping.ts";
import { bucket, deployGroup, pipelineAccount, region } from "./support/names.ts";
import { runToEnd } from "./support/runner.ts";
import { openTestArea, type TestArea } from "./support/test-area.ts";

/** All that a tick may change. */
function picture(area: TestArea) {
  const objects = area.keys().map((key) => [key, area.own.s3.read(bucket, key)?.text]);
  return { objects, group: area.group.group(deployGroup), instances: area.ec2.instances().length };
}

async function openLiveArea(): Promise<TestArea> {
  const area = openTestArea();
  area.push("dga-network");
  await area.handler();
  await area.clock.advance(60_000);
  await runToEnd(area);
  await area.nextTick();
  await area.nextTick();
  return area;
}

describe("a ledger that is not to be worked with", () => {
  it.each<[string, (text: string) => string, RegExp]>([
    ["is not JSON", (text) => text.slice(0, 100), /ledger-unreadable/],
    ["is of a newer schema", (text) => text.replace(/"schema": \d+/, '"schema": 99'), /ledger-newer/],
    ["is no ledger", (text) => text.replace('"epoch"', '"epoc"'), /ledger-invalid/],
    ["is of another area", (text) => text.replace('"area": "scratch"', '"area": "production"'), /ledger-foreign/],
  ])("fails the invocation when it %s, and changes nothing", async (_what, damage, expected) => {
    const area = await openLiveArea();
    const text = area.own.s3.read(bucket, "ledger.json")?.text ?? "";
    area.own.s3.write(bucket, "ledger.json", damage(text));
    expect(damage(text)).not.toBe(text);
    area.push("dga-network");
    const before = picture(area);

    await expect(area.nextTick()).rejects.toThrow(expected);

    expect(picture(area)).toEqual(before);
  });

  it("is not begun anew where there is a history", async () => {
    const area = await openLiveArea();
    area.own.s3.remove(bucket, "ledger.json");
    const before = picture(area);

    await expect(area.nextTick()).rejects.toThrow("ledger-lost");

    expect(picture(area)).toEqual(before);
  });

  it("stops the tick when it can not be read, with what is to be mended", async () => {
    const area = await openLiveArea();
    area.own.s3.deny({ bucket, prefix: "ledger.json", actions: ["GetObject"] });
    const before = picture(area);

    await expect(area.nextTick()).rejects.toThrow(/access-denied/);

    expect(picture(area)).toEqual(before);
  });
});

describe("the account", () => {
  it("must be the mapping's for the area", async () => {
    const area = openTestArea({ runAs: "333333333333" });
    area.push("dga-network");
    const before = picture(area);

    await expect(area.handler()).rejects.toThrow(/expected 222222222222, found 333333333333 \(wrong-account\)/);

    expect(picture(area)).toEqual(before);
    expect(area.sandbox.calls.count()).toEqual({ "sts:GetCallerIdentity": 1 });
  });

  it("is asked for until AWS says it, and then no more", async () => {
    const area = openTestArea();
    area.sandbox.faults.add({ kind: "error-before", service: "sts", times: 1 });

    await expect(area.handler()).rejects.toThrow("account-unknown");
    for (let tick = 0; tick < 3; tick += 1) await area.nextTick();

    expect(area.sandbox.calls.count()["sts:GetCallerIdentity"]).toBe(2);
  });
});

describe("the environment", () => {
  it("fails the invocation with everything that is wrong with it, before any call", async () => {
    const area = openTestArea({ env: { WINDLASS_STATE_BUCKET: undefined, WINDLASS_MAPPING: "{" } });

    await expect(area.handler()).rejects.toThrow(
      /2 problems.*WINDLASS_STATE_BUCKET is missing.*WINDLASS_MAPPING is malformed/,
    );

    expect(area.sandbox.calls.count()).toEqual({});
    expect(area.logs.join()).toContain("configuration-invalid");
  });
});

describe("a mapping in S3", () => {
  const config = "windlass-config-222222222222";
  const env = { WINDLASS_MAPPING: `s3://${config}/scratch.json`, AWS_REGION: region };

  function openWith(text: string | null): TestArea {
    const area = openTestArea({ env });
    area.own.s3.createBucket(config);
    if (text !== null) area.own.s3.write(config, "scratch.json", text);
    area.push("dga-network");
    return area;
  }

  it("is read once in the life of a process", async () => {
    const area = openWith(JSON.stringify(sliceWith(network)));

    const first = await area.handler();
    await area.nextTick();
    const reads = area.sandbox.calls.entries.filter(({ input }) => input["Key"] === "scratch.json");

    expect(first.launched).toHaveLength(1);
    expect(reads).toHaveLength(1);
  });

  it.each<[string, string | null, RegExp]>([
    ["is missing", null, /s3:\/\/windlass-config-222222222222\/scratch\.json: NoSuchKey.*mapping-unreadable/],
    ["is not JSON", "version: 1", /scratch\.json is malformed: it is not JSON/],
    ["is too large", `{"a":"${"x".repeat(4 * 1024 * 1024)}"}`, /scratch\.json is oversized/],
    ["is no mapping", "{}", /scratch\.json.*missing-key/],
  ])("fails the invocation when it %s", async (_what, text, expected) => {
    const area = openWith(text);

    await expect(area.handler()).rejects.toThrow(expected);

    expect(area.keys()).toEqual([]);
  });

  it("is read again by the next tick where it could not be read", async () => {
    const area = openWith(null);
    await area.handler().catch(() => undefined);
    area.own.s3.write(config, "scratch.json", JSON.stringify(sliceWith(network)));

    expect(await area.nextTick()).toMatchObject({ launched: [{ image: "dga-network" }] });
  });
});

describe("an action that fails", () => {
  it("fails the tick by name, keeps no other from being done, and is done by the next tick", async () => {
    const area = openTestArea({ images: { ...network, "dga-web": { kind: "instance-refresh", groups: ["web"] } } });
    area.group.createGroup("web", { min: 1, max: 2, desired: 1 });
    await area.clock.advance(60_000);
    area.push("dga-network");
    area.push("dga-web");
    area.sandbox.faults.add({ kind: "error-before", action: "SetDesiredCapacity", times: 1 });

    const failed = area.handler();

    await expect(failed).rejects.toThrow(/an action failed: launch 2026\d+t\d+z-\d+: .*SetDesiredCapacity/);
    expect(JSON.parse(area.logs.at(-1) ?? "")).toMatchObject({ level: "error", summary: { launched: [{}, {}] } });
    expect(area.group.refreshes("web")).toHaveLength(1);
    expect(area.group.group(deployGroup)).toMatchObject({ desired: 0 });
    await area.nextTick();
    expect(area.group.group(deployGroup)).toMatchObject({ desired: 1 });
    expect(area.deployments().filter(({ image }) => image === "dga-network")).toHaveLength(1);
  });

  it("is told together with all others that failed", async () => {
    const area = await openLiveArea();
    await area.control({ kind: "hold", image: "dga-network", digest: null });
    await area.nextTick();
    await area.control({ kind: "unhold", image: "dga-network" });
    area.push("dga-network");
    area.sandbox.faults.add({ kind: "error-before", action: "DeleteObject" });
    area.sandbox.faults.add({ kind: "error-before", action: "SetDesiredCapacity" });

    await expect(area.nextTick()).rejects.toThrow(
      /2 actions failed: .*launch .*delete-control|2 actions failed: .*delete-control .*launch/s,
    );
  });
});

describe("a function whose time runs out", () => {
  it("fails with that as its reason, and starts nothing it could not finish", async () => {
    const area = openTestArea();
    area.push("dga-network");

    const tick = area.newHandler((inner) => ({
      ...inner,
      async handle(request, options) {
        const signal = options?.abortSignal as AbortSignal | undefined;
        // The registry does not answer.
        if (request.headers["x-amz-target"]?.endsWith("BatchGetImage")) await aborted(signal);
        return inner.handle(request, options);
      },
    }))({}, { getRemainingTimeInMillis: () => 200 });

    await expect(tick).rejects.toThrow(/out-of-time/);
    expect(area.group.group(deployGroup)).toMatchObject({ desired: 0 });
    expect(area.deployments()).toEqual([]);
  });

  it("does not begin with none left", async () => {
    const area = openTestArea();
    area.push("dga-network");

    await expect(area.handler({}, { getRemainingTimeInMillis: () => 0 })).rejects.toThrow(/out-of-time/);

    expect(area.group.group(deployGroup)).toMatchObject({ desired: 0 });
  });
});

describe("the log", () => {
  it("has a line for a tick with its summary, an error for one that failed, and what was measured after each", async () => {
    const area = openTestArea();
    area.push("dga-network");
    await area.handler();
    area.own.s3.write(bucket, "ledger.json", "{");
    await area.handler().catch(() => undefined);

    const lines = area.logs.map((line) => JSON.parse(line) as Record<string, unknown>);

    expect(lines).toMatchObject([
      { level: "info", message: "tick done", area: "scratch", launched: [{ image: "dga-network" }], waiting: 0 },
      { level: "debug", message: "waiting images", waiting: [] },
      { TickSucceeded: 1 },
      { TickSucceeded: 0 },
      { level: "error", message: "tick failed", error: { code: "ledger-unreadable" } },
    ]);
  });

  it.each<[string, TestArea]>([
    ["the account is wrong", openTestArea({ runAs: pipelineAccount })],
    ["the bucket refuses", openDenied()],
  ])("does not tell credentials when %s", async (_what, area) => {
    await expect(area.handler()).rejects.toThrow();

    expect(area.logs.join()).toContain("tick failed");
    expect(area.logs.join()).not.toMatch(/AWS4-HMAC|Signature=|secretAccessKey":"(?!\[redacted)/);
  });
});

function openDenied(): TestArea {
  const area = openTestArea();
  area.own.s3.deny({ bucket });
  return area;
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(Object.assign(new Error("Request aborted"), { name: "AbortError" }));
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
  });
}
