import { CreateRepositoryCommand, DescribeImagesCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { clientConfig, type RegistryProxy, type RunningMoto, registryProxy, startMoto } from "./index.ts";

const pipeline = "111111111111";
const scratch = "222222222222";
const manifestType = "application/vnd.oci.image.manifest.v1+json";

const moto = await startMoto();
afterAll(() => moto.stop());

describe.skipIf(moto.kind === "unavailable")(moto.title, () => {
  const running = moto as RunningMoto;
  beforeEach(() => running.reset());

  it("gives each account a world of its own", async () => {
    const mine = new S3Client(clientConfig({ url: running.url, account: scratch }));
    const theirs = new S3Client(clientConfig({ url: running.url, account: pipeline }));

    await mine.send(new CreateBucketCommand({ Bucket: "mine" }));

    expect((await mine.send(new ListBucketsCommand())).Buckets).toHaveLength(1);
    expect((await theirs.send(new ListBucketsCommand())).Buckets ?? []).toHaveLength(0);
  });

  it("keeps a client in its account after a reset", async () => {
    const sts = new STSClient(clientConfig({ url: running.url, account: scratch }));
    await sts.send(new GetCallerIdentityCommand());

    await running.reset();

    expect((await sts.send(new GetCallerIdentityCommand())).Account).toBe(scratch);
  });

  describe("behind a registry proxy", () => {
    let proxy: RegistryProxy;
    beforeAll(async () => {
      proxy = await registryProxy({ motoUrl: running.url, registryAccount: pipeline });
    });
    afterAll(() => proxy.close());

    it("lets an account read the registry that it names, and no other", async () => {
      const digest = await pushImage(new ECRClient(clientConfig({ url: running.url, account: pipeline })));
      const caller = new ECRClient(clientConfig({ url: proxy.url, account: scratch }));
      const image = { repositoryName: "dga-network", imageIds: [{ imageTag: "scratch" }] };

      const read = await caller.send(new DescribeImagesCommand({ ...image, registryId: pipeline }));

      expect(read.imageDetails?.[0]?.imageDigest).toBe(digest);
      for (const registryId of [undefined, "333333333333"]) {
        const elsewhere = caller.send(new DescribeImagesCommand({ ...image, registryId }));
        await expect(elsewhere).rejects.toMatchObject({ name: "RepositoryNotFoundException" });
      }
    });

    it("leaves an account that names its own registry there", async () => {
      const digest = await pushImage(new ECRClient(clientConfig({ url: running.url, account: scratch })));
      const caller = new ECRClient(clientConfig({ url: proxy.url, account: scratch }));
      const image = { registryId: scratch, repositoryName: "dga-network", imageIds: [{ imageTag: "scratch" }] };

      const read = await caller.send(new DescribeImagesCommand(image));

      expect(read.imageDetails?.[0]).toMatchObject({ registryId: scratch, imageDigest: digest });
    });

    it("passes everything else untouched", async () => {
      const s3 = new S3Client(clientConfig({ url: proxy.url, account: scratch }));
      await s3.send(new CreateBucketCommand({ Bucket: "state" }));
      await s3.send(new PutObjectCommand({ Bucket: "state", Key: "a/b.json", Body: "å".repeat(100_000) }));

      const read = await s3.send(new GetObjectCommand({ Bucket: "state", Key: "a/b.json" }));
      expect(await read.Body?.transformToString()).toBe("å".repeat(100_000));
      const again = s3.send(new PutObjectCommand({ Bucket: "state", Key: "a/b.json", Body: "x", IfNoneMatch: "*" }));
      await expect(again).rejects.toMatchObject({ name: "PreconditionFailed" });
    });
  });
});

async function pushImage(ecr: ECRClient): Promise<string> {
  await ecr.send(new CreateRepositoryCommand({ repositoryName: "dga-network" }));
  const { image } = await ecr.send(
    new PutImageCommand({
      repositoryName: "dga-network",
      imageTag: "scratch",
      imageDigest: `sha256:${"a".repeat(64)}`,
      imageManifest: JSON.stringify({ schemaVersion: 2, mediaType: manifestType, layers: [] }),
    }),
  );
  return image!.imageId!.imageDigest!;
}
