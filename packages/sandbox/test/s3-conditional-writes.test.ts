import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Opened, openInProcess, scratch, waysIn } from "./ways-in.ts";

const Bucket = "state";
const Key = "runs/d-1/claim.json";

describe.each(waysIn)("S3 conditional writes, $way", ({ open }) => {
  let opened: Opened;
  let client: S3Client;

  beforeEach(async () => {
    opened = await open();
    client = new S3Client(opened.config());
    opened.sandbox.account(scratch).s3.createBucket(Bucket, { versioning: true });
  });
  afterEach(() => opened.close());

  it("creates a key once and answers 412 to whoever comes later", async () => {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: "first", IfNoneMatch: "*" }));

    const second = client.send(new PutObjectCommand({ Bucket, Key, Body: "second", IfNoneMatch: "*" }));

    await expect(second).rejects.toMatchObject({ name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } });
    expect(opened.sandbox.account(scratch).s3.read(Bucket, Key)?.text).toBe("first");
  });

  it("counts a delete marker as nothing there", async () => {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: "first" }));
    await client.send(new DeleteObjectCommand({ Bucket, Key }));

    await client.send(new PutObjectCommand({ Bucket, Key, Body: "again", IfNoneMatch: "*" }));

    expect(opened.sandbox.account(scratch).s3.read(Bucket, Key)?.text).toBe("again");
  });

  it("replaces only the version whose ETag it is given", async () => {
    const { ETag: first } = await client.send(new PutObjectCommand({ Bucket, Key, Body: "1" }));
    const { ETag: second } = await client.send(new PutObjectCommand({ Bucket, Key, Body: "2", IfMatch: first }));

    const stale = client.send(new PutObjectCommand({ Bucket, Key, Body: "3", IfMatch: first }));

    await expect(stale).rejects.toMatchObject({ name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } });
    const read = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(read.ETag).toBe(second);
    expect(await read.Body?.transformToString()).toBe("2");
  });

  it("answers 404 to If-Match on a key that is not there", async () => {
    const write = client.send(new PutObjectCommand({ Bucket, Key, Body: "1", IfMatch: '"none"' }));

    await expect(write).rejects.toMatchObject({ name: "NoSuchKey", $metadata: { httpStatusCode: 404 } });
  });

  it("answers 501 to conditions that S3 does not have for writes", async () => {
    const both = new PutObjectCommand({ Bucket, Key, Body: "1", IfMatch: '"a"', IfNoneMatch: "*" });
    const named = new PutObjectCommand({ Bucket, Key, Body: "1", IfNoneMatch: '"a"' });

    for (const command of [both, named]) {
      await expect(client.send(command)).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
    }
  });

  it("answers 409 to the next conditional writes when told so, and does nothing", async () => {
    const { s3 } = opened.sandbox.account(scratch);
    s3.conflictNext(1);

    await client.send(new PutObjectCommand({ Bucket, Key: "other", Body: "unconditional" }));
    const refused = client.send(new PutObjectCommand({ Bucket, Key, Body: "1", IfNoneMatch: "*" }));

    await expect(refused).rejects.toMatchObject({
      name: "ConditionalRequestConflict",
      $metadata: { httpStatusCode: 409 },
    });
    expect(s3.read(Bucket, Key)).toBeNull();
    await client.send(new PutObjectCommand({ Bucket, Key, Body: "1", IfNoneMatch: "*" }));
    expect(s3.read(Bucket, Key)?.text).toBe("1");
  });

  it("holds the completion of a multipart upload to its condition", async () => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: "part" }));
    await client.send(new PutObjectCommand({ Bucket, Key, Body: "somebody was faster" }));

    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: part.ETag }] };
    const end = new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload, IfNoneMatch: "*" });

    await expect(client.send(end)).rejects.toMatchObject({ name: "PreconditionFailed" });
  });

  it("holds a copy to the condition on its destination", async () => {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: "there" }));
    await client.send(new PutObjectCommand({ Bucket, Key: "from", Body: "copied" }));

    const copy = new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/from`, IfNoneMatch: "*" });

    await expect(client.send(copy)).rejects.toMatchObject({ name: "PreconditionFailed" });
  });

  it("deletes only what still has the given ETag", async () => {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: "1" }));

    const stale = client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: '"other"' }));
    await expect(stale).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
    await client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: "*" }));

    const gone = client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: "*" }));
    await expect(gone).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });
});

describe("S3 conditional writes that overlap", () => {
  it("let exactly one win, and tell the loser either of 412 and 409", async () => {
    const losses = new Set<string>();

    for (let seed = 0; seed < 20; seed += 1) {
      const { sandbox, clock, config } = await openInProcess({ seed });
      sandbox.account(scratch).s3.createBucket(Bucket);
      sandbox.faults.add({ kind: "latency", service: "s3", ms: 50 });
      const client = new S3Client(config());
      const writes = ["a", "b", "c"].map((Body) =>
        client.send(new PutObjectCommand({ Bucket, Key, Body, IfNoneMatch: "*" })).then(
          () => "won",
          (error: Error) => error.name,
        ),
      );
      await arrived(() => sandbox.calls.entries.length === 3);
      await clock.advance(50);

      const outcomes = await Promise.all(writes);
      expect(outcomes.filter((outcome) => outcome === "won")).toHaveLength(1);
      for (const outcome of outcomes) if (outcome !== "won") losses.add(outcome);
    }

    expect([...losses].sort()).toEqual(["ConditionalRequestConflict", "PreconditionFailed"]);
  });

  it("answer 409 when a delete came in between, though the condition holds again", async () => {
    const { sandbox, clock, config } = await openInProcess();
    const { s3 } = sandbox.account(scratch);
    s3.createBucket(Bucket);
    s3.write(Bucket, Key, "there");
    sandbox.faults.add({ kind: "latency", action: "PutObject", ms: 50 });
    const put = new S3Client(config()).send(new PutObjectCommand({ Bucket, Key, Body: "new", IfNoneMatch: "*" }));
    const outcome = put.catch((error: Error) => error.name);
    await arrived(() => sandbox.calls.entries.length === 1);

    s3.remove(Bucket, Key);
    await clock.advance(50);

    expect(await outcome).toBe("ConditionalRequestConflict");
    expect(s3.read(Bucket, Key)).toBeNull();
  });
});

/** Turns of the event loop until the calls have come in; no time passes. */
async function arrived(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
