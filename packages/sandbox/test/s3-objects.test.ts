import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Opened, scratch, waysIn } from "./ways-in.ts";

const Bucket = "state";
const Key = "env:/a b+c/ünïcode%.json";

describe.each(waysIn)("S3 objects, $way", ({ open }) => {
  let opened: Opened;
  let client: S3Client;

  beforeEach(async () => {
    opened = await open();
    client = new S3Client(opened.config());
    opened.sandbox.account(scratch).s3.createBucket(Bucket);
  });
  afterEach(() => opened.close());

  async function readText(input: { Key?: string; Range?: string; VersionId?: string } = {}): Promise<string> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...input }));
    return (await Body?.transformToString()) ?? "";
  }

  it("gives back what was written, with its metadata and headers", async () => {
    const Metadata = { "written-by": "lambda" };
    const md5 = '"bb6cb5c68df4652941caf652a366f2d8"';
    const headers = { ContentType: "application/json", CacheControl: "no-store", ContentEncoding: "gzip" };
    await client.send(new PutObjectCommand({ Bucket, Key, Body: '{"a":1}', Metadata, ...headers }));

    const read = await client.send(new GetObjectCommand({ Bucket, Key }));

    expect(await read.Body?.transformToString()).toBe('{"a":1}');
    expect(read).toMatchObject({ ...headers, Metadata, ContentLength: 7, ETag: md5 });
  });

  it("writes an empty object where there is no body", async () => {
    await client.send(new PutObjectCommand({ Bucket, Key, ContentType: "text/plain" }));

    const head = await client.send(new HeadObjectCommand({ Bucket, Key }));

    expect(head).toMatchObject({ ContentLength: 0, ContentType: "text/plain" });
  });

  it("takes a stream, coded in chunks with its checksum behind it", async () => {
    const Body = Readable.from([Buffer.from("one "), Buffer.from("two")]);

    const { ChecksumCRC32 } = await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength: 7 }));

    expect(await readText()).toBe("one two");
    const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
    expect(head.ChecksumCRC32).toBe(ChecksumCRC32);
    expect(head.ContentEncoding).toBeUndefined();
  });

  // The digests of "123456789"; for the CRCs they are the check values by which each is known.
  it.each([
    ["CRC32", "y/Q5Jg=="],
    ["CRC32C", "4waSgw=="],
    ["CRC64NVME", "rosUhgp5mIg="],
    ["SHA1", "98O8HYCOBHMq32eZZczDTKeuNEE="],
    ["SHA256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="],
  ] as const)("verifies %s and refuses a body that it does not fit", async (ChecksumAlgorithm, digest) => {
    const checksum = { [`Checksum${ChecksumAlgorithm}`]: digest };
    await client.send(new PutObjectCommand({ Bucket, Key, Body: "123456789", ...checksum }));

    const wrong = client.send(new PutObjectCommand({ Bucket, Key, Body: "987654321", ...checksum }));

    await expect(wrong).rejects.toMatchObject({ name: "BadDigest", $metadata: { httpStatusCode: 400 } });
    expect(await readText()).toBe("123456789");
  });

  it("refuses a body that its Content-MD5 does not fit", async () => {
    const write = client.send(new PutObjectCommand({ Bucket, Key, Body: "x", ContentMD5: "1B2M2Y8AsgTpgAmY7PhCfg==" }));

    await expect(write).rejects.toMatchObject({ name: "BadDigest" });
  });

  it.each([
    ["bytes=0-3", "0123", "bytes 0-3/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-2", "89", "bytes 8-9/10"],
    ["bytes=8-100", "89", "bytes 8-9/10"],
  ])("reads the range %s", async (Range, text, contentRange) => {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: "0123456789" }));

    const read = await client.send(new GetObjectCommand({ Bucket, Key, Range }));

    expect(read).toMatchObject({ ContentRange: contentRange, $metadata: { httpStatusCode: 206 } });
    expect(await read.Body?.transformToString()).toBe(text);
  });

  it("answers 416 to a range behind the end", async () => {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: "0123456789" }));

    await expect(readText({ Range: "bytes=10-" })).rejects.toMatchObject({ $metadata: { httpStatusCode: 416 } });
  });

  it("answers 304 to a read of what the reader has already", async () => {
    const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));

    const same = client.send(new GetObjectCommand({ Bucket, Key, IfNoneMatch: ETag }));
    const other = client.send(new GetObjectCommand({ Bucket, Key, IfMatch: '"other"' }));

    await expect(same).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(other).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
  });

  it("tells by its own clock, in whole seconds, when an object was written and what the time is", async () => {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    await opened.clock.advance(90_000);

    const dates = new Map<string, string>();
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { headers } = result.response as { headers: Record<string, string> };
        for (const name of ["date", "last-modified"]) dates.set(name, headers[name] ?? "");
        return result;
      },
      { step: "deserialize", priority: "low" },
    );
    await client.send(new HeadObjectCommand({ Bucket, Key }));

    expect(dates.get("last-modified")).toBe("Tue, 24 Nov 2026 09:00:00 GMT");
    expect(dates.get("date")).toBe("Tue, 24 Nov 2026 09:01:30 GMT");
  });

  it("has ETags that are no digest where the bucket is set so", async () => {
    opened.sandbox.account(scratch).s3.createBucket("opaque", { etags: "opaque" });
    const write = new PutObjectCommand({ Bucket: "opaque", Key, Body: "same" });

    const [first, second] = [await client.send(write), await client.send(write)];

    expect(first.ETag).not.toBe(second.ETag);
  });

  it("copies an object with its metadata, or with new", async () => {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: "x", Metadata: { a: "1" } }));
    const CopySource = `${Bucket}/${encodeURIComponent(Key)}`;

    await client.send(new CopyObjectCommand({ Bucket, Key: "kept", CopySource }));
    const replacement = { MetadataDirective: "REPLACE", Metadata: { b: "2" } } as const;
    await client.send(new CopyObjectCommand({ Bucket, Key: "replaced", CopySource, ...replacement }));
    const ontoItself = client.send(new CopyObjectCommand({ Bucket, Key, CopySource }));

    const { s3 } = opened.sandbox.account(scratch);
    expect(s3.read(Bucket, "kept")).toMatchObject({ text: "x", metadata: { a: "1" } });
    expect(s3.read(Bucket, "replaced")).toMatchObject({ text: "x", metadata: { b: "2" } });
    await expect(ontoItself).rejects.toMatchObject({ name: "InvalidRequest" });
  });

  it("puts a multipart upload together in the order of its parts", async () => {
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ContentType: "text/plain" }),
    );
    const place = { Bucket, Key, UploadId };
    const large = Buffer.alloc(5 * 1024 * 1024, "a");
    const last = await client.send(new UploadPartCommand({ ...place, PartNumber: 2, Body: "end" }));
    const first = await client.send(new UploadPartCommand({ ...place, PartNumber: 1, Body: large }));
    const listed = await client.send(new ListPartsCommand(place));

    const Parts = [
      { PartNumber: 1, ETag: first.ETag },
      { PartNumber: 2, ETag: last.ETag },
    ];
    const { ETag } = await client.send(new CompleteMultipartUploadCommand({ ...place, MultipartUpload: { Parts } }));

    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, large.length],
      [2, 3],
    ]);
    expect(ETag).toMatch(/-2"$/);
    expect(await readText({ Range: `bytes=${large.length - 1}-` })).toBe("aend");
  });

  it("refuses parts that are too small, missing or out of order, and uploads that are over", async () => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const place = { Bucket, Key, UploadId };
    const { ETag } = await client.send(new UploadPartCommand({ ...place, PartNumber: 1, Body: "small" }));
    await client.send(new UploadPartCommand({ ...place, PartNumber: 2, Body: "small" }));
    const complete = (...numbers: number[]) => {
      const Parts = numbers.map((PartNumber) => ({ PartNumber, ETag }));
      return client.send(new CompleteMultipartUploadCommand({ ...place, MultipartUpload: { Parts } }));
    };

    await expect(complete(1, 2)).rejects.toMatchObject({ name: "EntityTooSmall" });
    await expect(complete(2, 1)).rejects.toMatchObject({ name: "InvalidPartOrder" });
    await expect(complete(3)).rejects.toMatchObject({ name: "InvalidPart" });
    await client.send(new AbortMultipartUploadCommand(place));
    await expect(complete(1)).rejects.toMatchObject({ name: "NoSuchUpload", $metadata: { httpStatusCode: 404 } });
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toBeUndefined();
  });

  it("answers 404 for a key that is not there, with and without a body", async () => {
    await expect(readText()).rejects.toMatchObject({ name: "NoSuchKey", $metadata: { httpStatusCode: 404 } });
    const head = client.send(new HeadObjectCommand({ Bucket, Key }));
    await expect(head).rejects.toMatchObject({ name: "NotFound", $metadata: { httpStatusCode: 404 } });
  });

  it("refuses what it has not, by name, instead of taking it for something else", async () => {
    const tagged = client.send(new PutObjectCommand({ Bucket, Key, Body: "x", Tagging: "a=b" }));
    const open = client.send(new PutObjectCommand({ Bucket, Key, Body: "x", ACL: "public-read" }));

    await expect(tagged).rejects.toMatchObject({ name: "NotImplemented", $metadata: { httpStatusCode: 501 } });
    await expect(open).rejects.toMatchObject({ name: "AccessControlListNotSupported" });
  });
});
