import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Opened, production, scratch, waysIn } from "./ways-in.ts";

const Bucket = "state";
const region = "ap-southeast-2";
const CreateBucketConfiguration = { LocationConstraint: region } as const;

describe.each(waysIn)("S3 buckets, $way", ({ open }) => {
  let opened: Opened;
  let client: S3Client;

  beforeEach(async () => {
    opened = await open();
    client = new S3Client(opened.config());
  });
  afterEach(() => opened.close());

  it("creates a bucket where it is asked to, lists it, and takes it away again", async () => {
    await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));

    expect((await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe(region);
    expect((await client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe(region);
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets).toMatchObject([{ Name: Bucket, CreationDate: new Date("2026-11-24T09:00:00Z") }]);
    await client.send(new DeleteBucketCommand({ Bucket }));
    await expect(client.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({ name: "NotFound" });
  });

  it("has one space of names for all accounts", async () => {
    const other = new S3Client(opened.config({ account: production }));
    await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));

    const again = client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    const taken = other.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));

    await expect(again).rejects.toMatchObject({ name: "BucketAlreadyOwnedByYou", $metadata: { httpStatusCode: 409 } });
    await expect(taken).rejects.toMatchObject({ name: "BucketAlreadyExists", $metadata: { httpStatusCode: 409 } });
  });

  it("wants the location that the endpoint has, and a name within the rules", async () => {
    const elsewhere = { LocationConstraint: "eu-west-1" } as const;

    await expect(
      client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: elsewhere })),
    ).rejects.toMatchObject({ name: "IllegalLocationConstraintException" });
    await expect(
      client.send(new CreateBucketCommand({ Bucket: "No_Good", CreateBucketConfiguration })),
    ).rejects.toMatchObject({ name: "InvalidBucketName" });
    const virginia = new S3Client(opened.config({ region: "us-east-1" }));
    await virginia.send(new CreateBucketCommand({ Bucket }));
    await virginia.send(new CreateBucketCommand({ Bucket }));
  });

  it("lets no other account do anything without a bucket policy", async () => {
    opened.sandbox.account(scratch).s3.createBucket(Bucket);
    opened.sandbox.account(scratch).s3.write(Bucket, "k", "secret");
    const other = new S3Client(opened.config({ account: production, role: "admin" }));

    for (const command of [
      new GetObjectCommand({ Bucket, Key: "k" }),
      new PutObjectCommand({ Bucket, Key: "k", Body: "mine now" }),
      new DeleteObjectCommand({ Bucket, Key: "k" }),
    ]) {
      await expect(other.send(command as GetObjectCommand)).rejects.toMatchObject({
        name: "AccessDenied",
        $metadata: { httpStatusCode: 403 },
      });
    }
    expect(opened.sandbox.account(scratch).s3.read(Bucket, "k")?.text).toBe("secret");
  });

  it("refuses a role what it is denied, and nobody else", async () => {
    const { s3 } = opened.sandbox.account(scratch);
    s3.createBucket(Bucket);
    const allow = s3.deny({ role: "instance", prefix: "ledger", actions: ["PutObject"] });
    const instance = new S3Client(opened.config({ role: "instance", session: "i-1" }));
    const put = (Key: string) => new PutObjectCommand({ Bucket, Key, Body: "x" });

    await expect(instance.send(put("ledger.json"))).rejects.toMatchObject({ name: "AccessDenied" });
    await instance.send(put("runs/d/result.json"));
    await client.send(put("ledger.json"));
    await expect(instance.send(new GetObjectCommand({ Bucket, Key: "ledger.json" }))).resolves.toBeDefined();
    allow();
    await instance.send(put("ledger.json"));
  });

  it("checks the owner that a caller expects", async () => {
    opened.sandbox.account(scratch).s3.createBucket(Bucket);

    const head = client.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: production }));

    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  it("tells a client that signs for another region which one is right", async () => {
    opened.sandbox.account(scratch).s3.createBucket(Bucket, { region: "eu-west-1" });

    const read = client.send(new GetObjectCommand({ Bucket, Key: "k" }));

    await expect(read).rejects.toMatchObject({ name: "AuthorizationHeaderMalformed", Region: "eu-west-1" });
  });

  it("says that it encrypts, as every bucket does", async () => {
    opened.sandbox.account(scratch).s3.createBucket(Bucket);
    opened.sandbox.account(scratch).s3.createBucket("with-key", { encryption: "aws:kms" });

    const algorithms = [Bucket, "with-key"].map(async (name) => {
      const answer = await client.send(new GetBucketEncryptionCommand({ Bucket: name }));
      return answer.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
    });

    expect(await Promise.all(algorithms)).toEqual(["AES256", "aws:kms"]);
  });
});

describe.each(waysIn)("S3 versions, $way", ({ open }) => {
  let opened: Opened;
  let client: S3Client;

  beforeEach(async () => {
    opened = await open();
    client = new S3Client(opened.config());
    opened.sandbox.account(scratch).s3.createBucket(Bucket);
  });
  afterEach(() => opened.close());

  const put = (Body: string, Key = "k") => client.send(new PutObjectCommand({ Bucket, Key, Body }));
  const setVersioning = (Status: "Enabled" | "Suspended") =>
    client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));

  it("keeps every version once it is told to, and a delete only hides them", async () => {
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    await setVersioning("Enabled");
    const { VersionId: first } = await put("1");
    const { VersionId: second } = await put("2");
    const { VersionId: marker, DeleteMarker } = await client.send(new DeleteObjectCommand({ Bucket, Key: "k" }));

    const old = await client.send(new GetObjectCommand({ Bucket, Key: "k", VersionId: first }));
    expect(await old.Body?.transformToString()).toBe("1");
    expect(DeleteMarker).toBe(true);
    await expect(client.send(new GetObjectCommand({ Bucket, Key: "k" }))).rejects.toMatchObject({ name: "NoSuchKey" });
    const listed = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(listed.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [second, false],
      [first, false],
    ]);
    expect(listed.DeleteMarkers).toMatchObject([{ VersionId: marker, IsLatest: true }]);
  });

  it("brings back what was hidden when the delete marker is deleted", async () => {
    await setVersioning("Enabled");
    await put("1");
    const { VersionId } = await client.send(new DeleteObjectCommand({ Bucket, Key: "k" }));

    const gone = await client.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId }));

    expect(gone).toMatchObject({ VersionId, DeleteMarker: true });
    const read = await client.send(new GetObjectCommand({ Bucket, Key: "k" }));
    expect(await read.Body?.transformToString()).toBe("1");
  });

  it("tells a missing version, a delete marker and a missing key apart", async () => {
    await setVersioning("Enabled");
    await put("1");
    const { VersionId } = await client.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    const read = (input: object) => client.send(new GetObjectCommand({ Bucket, Key: "k", ...input }));

    await expect(read({ VersionId })).rejects.toMatchObject({ $metadata: { httpStatusCode: 405 } });
    await expect(read({ VersionId: "0".repeat(32) })).rejects.toMatchObject({ name: "NoSuchVersion" });
    const head = client.send(new HeadObjectCommand({ Bucket, Key: "k" }));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  it("keeps one version called null while versioning is suspended", async () => {
    await put("before");
    await setVersioning("Enabled");
    const { VersionId: kept } = await put("versioned");
    await setVersioning("Suspended");
    await put("after");

    const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket }));

    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(["null", kept]);
  });

  it("counts old versions and markers before it lets a bucket go", async () => {
    await setVersioning("Enabled");
    const { VersionId } = await put("1");
    const { VersionId: marker } = await client.send(new DeleteObjectCommand({ Bucket, Key: "k" }));

    const refused = client.send(new DeleteBucketCommand({ Bucket }));
    await expect(refused).rejects.toMatchObject({ name: "BucketNotEmpty", $metadata: { httpStatusCode: 409 } });
    const Objects = [
      { Key: "k", VersionId },
      { Key: "k", VersionId: marker },
    ];
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));

    await client.send(new DeleteBucketCommand({ Bucket }));
  });

  it("deletes many keys and says for each what became of it", async () => {
    await put("1", "a");
    await put("2", "b");
    opened.sandbox.account(scratch).s3.deny({ prefix: "b", actions: ["DeleteObject"] });
    const Objects = [{ Key: "a" }, { Key: "b" }, { Key: "never-there" }, { Key: "a", ETag: '"other"' }];

    const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));

    expect(Deleted?.map(({ Key }) => Key)).toEqual(["a", "never-there"]);
    expect(Errors?.map(({ Key, Code }) => [Key, Code])).toEqual([
      ["b", "AccessDenied"],
      ["a", "NoSuchKey"],
    ]);
    expect(opened.sandbox.account(scratch).s3.keys(Bucket)).toEqual(["b"]);
  });
});
