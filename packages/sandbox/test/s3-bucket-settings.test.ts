import {
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  PutBucketPolicyCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { createSandbox } from "../src/index.ts";

const account = "222222222222";

function open() {
  const sandbox = createSandbox();
  const { s3 } = sandbox.account(account);
  const client = new S3Client({ ...sandbox.clientConfig({ account }), maxAttempts: 1 });
  const block = async (Bucket: string) =>
    (await client.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration;
  return { s3, client, block };
}

describe("a bucket's settings", () => {
  it("block public access in a new bucket, unless told otherwise", async () => {
    const { s3, block } = open();
    s3.createBucket("new-bucket");
    s3.createBucket("open-bucket", { publicAccess: "open" });
    s3.createBucket("bare-bucket", { publicAccess: "unset" });

    expect(await block("new-bucket")).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    expect(await block("open-bucket")).toMatchObject({ BlockPublicAcls: false });
    await expect(block("bare-bucket")).rejects.toMatchObject({ name: "NoSuchPublicAccessBlockConfiguration" });
  });

  it("show the policy as it was given, and none where there is none", async () => {
    const { s3, client } = open();
    s3.createBucket("new-bucket", { policy: '{"Statement":[]}' });
    s3.createBucket("bare-bucket");

    expect(await client.send(new GetBucketPolicyCommand({ Bucket: "new-bucket" }))).toMatchObject({
      Policy: '{"Statement":[]}',
    });
    const bare = client.send(new GetBucketPolicyCommand({ Bucket: "bare-bucket" }));
    await expect(bare).rejects.toMatchObject({ name: "NoSuchBucketPolicy" });
  });

  it("can not be written, and are not taken for a bucket", async () => {
    const { s3, client } = open();
    s3.createBucket("new-bucket");
    const put = client.send(new PutBucketPolicyCommand({ Bucket: "new-bucket", Policy: "{}" }));

    await expect(put).rejects.toMatchObject({ name: "NotImplemented" });
  });
});
