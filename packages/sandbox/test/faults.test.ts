import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Fault, SandboxError } from "../src/index.ts";
import { failureOf, type Opened, openInProcess, production, scratch, waysIn } from "./ways-in.ts";

const Bucket = "state";

describe.each(waysIn)("faults, $way", ({ open }) => {
  let opened: Opened;
  let s3: S3Client;
  let sts: STSClient;

  beforeEach(async () => {
    opened = await open();
    s3 = new S3Client(opened.config());
    sts = new STSClient(opened.config());
    opened.sandbox.account(scratch).s3.createBucket(Bucket);
  });
  afterEach(() => opened.close());

  const put = () => s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
  const stored = () => opened.sandbox.account(scratch).s3.read(Bucket, "k")?.text;

  it("throttle in each service's own words", async () => {
    opened.sandbox.faults.add({ kind: "throttle" });
    const failures = [
      put(),
      sts.send(new GetCallerIdentityCommand({})),
      new ECRClient(opened.config()).send(new DescribeRepositoriesCommand({})),
      new EC2Client(opened.config()).send(new DescribeInstancesCommand({})),
    ].map(failureOf);

    expect(await Promise.all(failures)).toEqual([
      { name: "SlowDown", status: 503 },
      { name: "Throttling", status: 400 },
      { name: "ThrottlingException", status: 429 },
      { name: "RequestLimitExceeded", status: 503 },
    ]);
    expect(stored()).toBeUndefined();
  });

  it("fail a call before anything happened", async () => {
    opened.sandbox.faults.add({ kind: "error-before", service: "s3", times: 1 });

    await expect(put()).rejects.toMatchObject({ name: "InternalError", $metadata: { httpStatusCode: 500 } });
    expect(stored()).toBeUndefined();
    await put();
    expect(stored()).toBe("x");
  });

  it("lose the answer of what was done", async () => {
    opened.sandbox.faults.add({ kind: "error-after", action: "PutObject", times: 1 });

    await expect(put()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(stored()).toBe("x");
    expect(opened.sandbox.calls.entries.at(-1)?.outcome).toBe("lost");
  });

  it("are noticed by an SDK client as worth another try", async () => {
    opened.sandbox.faults.add({ kind: "error-after", action: "PutObject", times: 1 });
    opened.sandbox.faults.add({ kind: "throttle", action: "PutObject", times: 1 });
    const patient = new S3Client({ ...opened.config(), maxAttempts: 3 });

    await patient.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));

    expect(opened.sandbox.calls.entries.map(({ outcome }) => outcome)).toEqual(["lost", "SlowDown", "ok"]);
  });

  it("answer an error of one's choice after the effect", async () => {
    opened.sandbox.faults.add({ kind: "error-after", code: "InternalError", status: 500 });

    await expect(put()).rejects.toMatchObject({ name: "InternalError" });
    expect(stored()).toBe("x");
  });

  it("strike only the calls that they name", async () => {
    const { faults } = opened.sandbox;
    faults.add({ kind: "throttle", service: "ecr" });
    faults.add({ kind: "throttle", action: "GetObject" });
    faults.add({ kind: "throttle", account: production });
    faults.add({ kind: "throttle", match: ({ input, role }) => input["Key"] === "other" || role === "instance" });

    await put();

    await expect(s3.send(new GetObjectCommand({ Bucket, Key: "k" }))).rejects.toMatchObject({ name: "SlowDown" });
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: "other", Body: "x" }))).rejects.toMatchObject({
      name: "SlowDown",
    });
    const instance = new STSClient(opened.config({ role: "instance" }));
    await expect(instance.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: "Throttling" });
    expect(faults.fired()).toEqual({ throttle: 3, "error-before": 0, "error-after": 0, latency: 0 });
  });

  it("are gone when they are taken away", async () => {
    const heal = opened.sandbox.faults.add({ kind: "throttle" });
    await expect(put()).rejects.toMatchObject({ name: "SlowDown" });

    heal();
    await put();
    opened.sandbox.faults.add({ kind: "throttle" });
    opened.sandbox.faults.clear();

    await put();
  });
});

describe("faults", () => {
  it("delay a call by the sandbox's clock", async () => {
    const { sandbox, clock, config } = await openInProcess();
    sandbox.faults.add({ kind: "latency", ms: 1000 });
    const before = clock.now();
    const s3 = new S3Client(config());
    let answered = 0;

    const create = s3
      .send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: "ap-southeast-2" } }))
      .then(() => {
        answered = clock.now();
      });
    while (sandbox.calls.entries.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(999);
    expect(answered).toBe(0);
    await clock.advance(1);
    await create;

    expect(answered - before).toBe(1000);
  });

  it("let a call have its effect though its caller gave up waiting", async () => {
    const { sandbox, clock, config } = await openInProcess();
    sandbox.account(scratch).s3.createBucket(Bucket);
    sandbox.faults.add({ kind: "latency", ms: 1000 });
    const impatience = new AbortController();
    const put = new S3Client(config()).send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }), {
      abortSignal: impatience.signal,
    });
    const outcome = put.catch((error: Error) => error.name);
    while (sandbox.calls.entries.length === 0) await new Promise((resolve) => setImmediate(resolve));

    impatience.abort();
    expect(await outcome).toBe("AbortError");
    await clock.advance(1000);

    expect(sandbox.account(scratch).s3.read(Bucket, "k")?.text).toBe("x");
  });

  it("strike by chance, the same calls for the same seed", async () => {
    const run = async (seed: number) => {
      const { sandbox, config } = await openInProcess({ seed });
      sandbox.faults.add({ kind: "throttle", chance: 0.5 });
      const sts = new STSClient(config());
      const outcomes: boolean[] = [];
      for (let call = 0; call < 40; call += 1) {
        outcomes.push(
          await sts.send(new GetCallerIdentityCommand({})).then(
            () => true,
            () => false,
          ),
        );
      }
      return outcomes;
    };

    const first = await run(3);

    expect(await run(3)).toEqual(first);
    expect(await run(4)).not.toEqual(first);
    expect(new Set(first).size).toBe(2);
  });

  it.each<Fault>([
    { kind: "latency" },
    { kind: "latency", ms: -1 },
    { kind: "throttle", times: 0 },
    { kind: "throttle", times: 1.5 },
    { kind: "throttle", chance: 0 },
    { kind: "throttle", chance: 1.1 },
  ])("are refused where they make no sense: %j", async (fault) => {
    const { sandbox } = await openInProcess();

    expect(() => sandbox.faults.add(fault)).toThrow(SandboxError);
  });
});

describe("the call log", () => {
  it("counts calls by action, of one account or role or of all", async () => {
    const { sandbox, config } = await openInProcess();
    const identity = new GetCallerIdentityCommand({});
    await new STSClient(config()).send(identity);
    await new STSClient(config({ role: "deployer" })).send(identity);
    await new STSClient(config({ account: production })).send(identity);
    await expect(new S3Client(config()).send(new GetObjectCommand({ Bucket, Key: "k" }))).rejects.toThrow();

    expect(sandbox.calls.count()).toEqual({ "sts:GetCallerIdentity": 3, "s3:GetObject": 1 });
    expect(sandbox.calls.count({ account: scratch })).toEqual({ "sts:GetCallerIdentity": 2, "s3:GetObject": 1 });
    expect(sandbox.calls.count({ account: scratch, role: "deployer" })).toEqual({ "sts:GetCallerIdentity": 1 });
    expect(sandbox.calls.count({ role: null })).toEqual({ "sts:GetCallerIdentity": 2, "s3:GetObject": 1 });
    expect(sandbox.calls.entries.at(-1)).toMatchObject({
      service: "s3",
      action: "GetObject",
      account: scratch,
      input: { Bucket, Key: "k" },
      outcome: "NoSuchBucket",
    });
    sandbox.calls.clear();
    expect(sandbox.calls.count()).toEqual({});
    expect(sandbox.calls.names({ account: scratch, role: "deployer" })).toEqual(["sts:GetCallerIdentity"]);
  });
});
