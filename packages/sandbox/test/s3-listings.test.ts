import {
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Opened, openInProcess, scratch, waysIn } from "./ways-in.ts";

const Bucket = "state";

describe.each(waysIn)("S3 listings, $way", ({ open }) => {
  let opened: Opened;
  let client: S3Client;

  beforeEach(async () => {
    opened = await open();
    client = new S3Client(opened.config());
    opened.sandbox.account(scratch).s3.createBucket(Bucket);
  });
  afterEach(() => opened.close());

  function write(...keys: readonly string[]): void {
    for (const key of keys) opened.sandbox.account(scratch).s3.write(Bucket, key, key);
  }

  it("orders keys by their bytes and tells size, ETag and time of each", async () => {
    write("b", "a/1", "é", "Z", "\u{1F600}", "\uFFEE");
    const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "abc" }));

    const { Contents, KeyCount } = await client.send(new ListObjectsV2Command({ Bucket }));

    expect(Contents?.map(({ Key }) => Key)).toEqual(["Z", "a", "a/1", "b", "é", "\uFFEE", "\u{1F600}"]);
    expect(Contents?.[1]).toMatchObject({ Size: 3, ETag, LastModified: new Date("2026-11-24T09:00:00Z") });
    expect(KeyCount).toBe(7);
  });

  it("groups by a delimiter behind a prefix", async () => {
    write("history/2026/10/a", "history/2026/11/b", "history/2026/11/c", "history/index", "other");

    const listing = await client.send(new ListObjectsV2Command({ Bucket, Prefix: "history/", Delimiter: "/" }));

    expect(listing.CommonPrefixes).toEqual([{ Prefix: "history/2026/" }]);
    expect(listing.Contents?.map(({ Key }) => Key)).toEqual(["history/index"]);
  });

  it("goes on where a page ended, and begins behind start-after", async () => {
    write("a", "b", "c", "d");

    const first = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 2, StartAfter: "a" }));
    const ContinuationToken = first.NextContinuationToken;
    const second = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 2, ContinuationToken }));

    expect(first).toMatchObject({ IsTruncated: true, KeyCount: 2 });
    expect([first, second].map(({ Contents }) => Contents?.map(({ Key }) => Key))).toEqual([["b", "c"], ["d"]]);
    expect(second).toMatchObject({ IsTruncated: false });
    expect(second.NextContinuationToken).toBeUndefined();
  });

  it("answers at most 1,000 keys whatever it is asked for, and none when it is asked for none", async () => {
    write(...Array.from({ length: 1001 }, (_, index) => `k${index}`));

    const many = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 5000 }));
    const none = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }));

    expect(many).toMatchObject({ KeyCount: 1000, IsTruncated: true, MaxKeys: 1000 });
    expect(none).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  it("refuses a continuation token that it did not make", async () => {
    const list = client.send(new ListObjectsV2Command({ Bucket, ContinuationToken: "made-up" }));

    await expect(list).rejects.toMatchObject({ name: "InvalidArgument", $metadata: { httpStatusCode: 400 } });
  });

  it("encodes keys for those who ask, so that any key fits into XML", async () => {
    write("a b&c<\u0001>/+ü");

    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket, EncodingType: "url" }));

    expect(Contents?.[0]?.Key).toBe("a+b%26c%3C%01%3E/%2B%C3%BC");
  });

  it("lists in the first version's way too", async () => {
    write("a", "b/1", "b/2", "c");

    const first = await client.send(new ListObjectsCommand({ Bucket, Delimiter: "/", MaxKeys: 2 }));
    const second = await client.send(
      new ListObjectsCommand({ Bucket, Delimiter: "/", MaxKeys: 2, Marker: first.NextMarker }),
    );

    expect(first).toMatchObject({ IsTruncated: true, NextMarker: "b/", CommonPrefixes: [{ Prefix: "b/" }] });
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(["c"]);
  });

  it("pages through versions", async () => {
    opened.sandbox.account(scratch).s3.createBucket("versioned", { versioning: true });
    for (const key of ["a", "a", "a", "b"]) opened.sandbox.account(scratch).s3.write("versioned", key, "x");

    const seen: string[] = [];
    let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (let pages = 0; pages < 2; pages += 1) {
      const page = await client.send(new ListObjectVersionsCommand({ Bucket: "versioned", MaxKeys: 2, ...marker }));
      seen.push(...(page.Versions ?? []).map(({ Key, VersionId }) => `${Key} ${VersionId}`));
      expect(page.IsTruncated).toBe(pages === 0);
      marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }

    expect(new Set(seen).size).toBe(4);
    expect(seen.map((entry) => entry[0])).toEqual(["a", "a", "a", "b"]);
  });
});

describe("S3 pages", () => {
  it("put together are the whole, whatever their size, prefix and delimiter", async () => {
    const { sandbox, config } = await openInProcess();
    const { s3 } = sandbox.account(scratch);
    const client = new S3Client(config());
    const keys = fc.uniqueArray(fc.stringMatching(/^[ab/-]{1,6}$/), { minLength: 1, maxLength: 30 });
    const shape = fc.record({
      Prefix: fc.constantFrom("", "a", "a/", "-"),
      Delimiter: fc.constantFrom("", "/", "-", "a/"),
      MaxKeys: fc.integer({ min: 1, max: 7 }),
    });
    let buckets = 0;

    await fc.assert(
      fc.asyncProperty(keys, shape, async (written, { Prefix, Delimiter, MaxKeys }) => {
        buckets += 1;
        const name = `bucket-${buckets}`;
        s3.createBucket(name);
        for (const key of written) s3.write(name, key, "x");

        const paged = await listAll(client, { Bucket: name, Prefix, Delimiter, MaxKeys });

        expect(paged).toEqual(expectedListing(written, Prefix, Delimiter));
      }),
      { numRuns: 150 },
    );
  });
});

async function listAll(client: S3Client, input: ListObjectsV2CommandInput): Promise<readonly string[]> {
  const entries: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ ...input, ContinuationToken }));
    expect(page.KeyCount).toBeLessThanOrEqual(input.MaxKeys ?? 0);
    entries.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ""));
    entries.push(...(page.CommonPrefixes ?? []).map((group) => group.Prefix ?? ""));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return entries.sort();
}

/** What a listing is, said without pages. */
function expectedListing(keys: readonly string[], prefix: string, delimiter: string): readonly string[] {
  const names = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      return cut < 0 ? key : key.slice(0, cut + delimiter.length);
    });
  return [...new Set(names)].sort();
}
