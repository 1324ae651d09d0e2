import { S3Client } from "@aws-sdk/client-s3";
import { HttpResponse } from "@smithy/protocol-http";
import { describe, expect, it } from "vitest";
import { createLedgerStore } from "../src/index.ts";
import { aClaim, aLease, aLedger, run, scope } from "./records.ts";

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A store whose every call gets this answer from S3. */
function storeAnswered(answer: Answer) {
  const client = new S3Client({
    region: "ap-southeast-2",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    maxAttempts: 1,
    requestHandler: {
      handle: async () => ({
        response: new HttpResponse({
          statusCode: answer.status,
          headers: answer.headers ?? {},
          body: new Blob([answer.body ?? ""]).stream(),
        }),
      }),
    },
  });
  return createLedgerStore({ client, bucket: "state", delay: async () => {} });
}

async function leaseAge(headers: Record<string, string>): Promise<number> {
  const store = storeAnswered({ status: 200, headers: { etag: '"e"', ...headers }, body: JSON.stringify(aLease()) });
  const reading = await store.readRun(run);
  if (reading.kind !== "run" || reading.lease.kind !== "present") throw new Error(JSON.stringify(reading));
  return reading.lease.ageSeconds;
}

describe("the age of a record", () => {
  it("is the answer's Date minus Last-Modified, whatever the clock here says", async () => {
    const headers = { Date: "Tue, 24 Nov 2026 09:05:07 GMT", "Last-Modified": "Tue, 24 Nov 2026 09:00:00 GMT" };

    expect(await leaseAge(headers)).toBe(307);
  });

  it.each([
    ["runs backwards", { date: "Tue, 24 Nov 2026 09:00:00 GMT", "last-modified": "Tue, 24 Nov 2026 09:00:01 GMT" }],
    ["has no Date", { "last-modified": "Tue, 24 Nov 2026 09:00:00 GMT" }],
    ["has no readable Date", { date: "noon", "last-modified": "Tue, 24 Nov 2026 09:00:00 GMT" }],
    ["has no Last-Modified", { date: "Tue, 24 Nov 2026 09:00:00 GMT" }],
  ])("is 0 where S3's clock %s, so that nothing expires", async (_, headers) => {
    expect(await leaseAge(headers)).toBe(0);
  });
});

describe("an answer of S3", () => {
  const error = (code: string) => `<Error><Code>${code}</Code><Message>No.</Message></Error>`;

  it.each([
    [403, "AccessDenied", "access-denied", false],
    [403, "SignatureDoesNotMatch", "credentials-rejected", false],
    [400, "ExpiredToken", "credentials-rejected", false],
    [404, "NoSuchBucket", "no-such-bucket", false],
    [301, "PermanentRedirect", "refused", false],
    [400, "InvalidRequest", "refused", false],
    [400, "RequestTimeout", "unavailable", true],
    [503, "SlowDown", "unavailable", true],
    [500, "InternalError", "unavailable", true],
    [409, "OperationAborted", "conflict", true],
  ])("%i %s to a lease is %s", async (status, name, code, retryable) => {
    const store = storeAnswered({ status, body: error(name) });

    await expect(store.renewLease(aLease(), null)).rejects.toMatchObject({
      name: "LedgerStoreError",
      code,
      retryable,
      where: `s3://state/runs/${run}/lease.json`,
    });
  });

  it.each([
    [412, "PreconditionFailed"],
    [404, "NoSuchKey"],
  ])("%i %s to a lease says that it changed", async (status, name) => {
    const store = storeAnswered({ status, body: error(name) });

    expect(await store.renewLease(aLease(), '"e"')).toEqual({ kind: "changed" });
  });

  it("without an ETag is not taken for a commit", async () => {
    const store = storeAnswered({ status: 200 });

    await expect(store.renewLease(aLease(), null)).rejects.toMatchObject({ code: "refused" });
    await expect(store.createLedger(aLedger())).rejects.toMatchObject({ code: "refused" });
  });

  it("that access is denied is told with what else it may mean", async () => {
    const store = storeAnswered({ status: 403, body: error("AccessDenied") });

    await expect(store.readCancel(run)).rejects.toMatchObject({ hint: expect.stringContaining("s3:ListBucket") });
    await expect(store.readLedger(scope)).rejects.toMatchObject({ code: "access-denied" });
    expect(await store.readRun(run)).toMatchObject({ kind: "unreadable", code: "access-denied" });
    expect(await store.listControls()).toMatchObject({ kind: "unreadable", code: "access-denied" });
  });

  it("that access is denied ends a claim without another try", async () => {
    let calls = 0;
    const store = storeAnswered({
      status: 403,
      get body() {
        calls += 1;
        return error("AccessDenied");
      },
    });

    await expect(store.claim(aClaim())).rejects.toMatchObject({ code: "access-denied" });
    expect(calls).toBe(1);
  });
});

describe("a listing that never ends", () => {
  it("is given up", async () => {
    const page =
      "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>";

    const reading = await storeAnswered({ status: 200, body: page }).listControls();

    expect(reading).toMatchObject({ kind: "unreadable", code: "too-many" });
  });
});
