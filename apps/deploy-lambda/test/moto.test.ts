import { createHash } from "node:crypto";
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { clientConfig, type RegistryProxy, type RunningMoto, registryProxy, startMoto } from "@windlass/moto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleEnvironment, bundleTitle, invokeBundle, isBuilt } from "./support/bundle.ts";
import { account, area, bucket, deployGroup, pipelineAccount, region } from "./support/names.ts";

const moto = await startMoto();
afterAll(() => moto.stop());

describe.skipIf(moto.kind === "unavailable" || !isBuilt)(`${bundleTitle}, against ${moto.title}`, () => {
  const { url } = moto as RunningMoto;
  let proxy: RegistryProxy;
  let digest: string;
  beforeAll(async () => {
    proxy = await registryProxy({ motoUrl: url, registryAccount: pipelineAccount });
    digest = await pushImage(url);
    await createArea(url);
  });
  afterAll(() => proxy.close());

  it("launches the first deployment, and leaves it alone in the next tick", async () => {
    const config = clientConfig({ url, account, region });
    const environment = bundleEnvironment(proxy.url, await config.credentials());

    const first = await invokeBundle(environment);
    const second = await invokeBundle(environment);

    expect(first.summary).toMatchObject({ area, launched: [{ image: "dga-network", digest }], notes: [] });
    expect(second.summary).toMatchObject({ area, launched: [], finished: [], waiting: [] });
    const groups = await new AutoScalingClient(config).send(new DescribeAutoScalingGroupsCommand({}));
    expect(groups.AutoScalingGroups).toMatchObject([{ DesiredCapacity: 1, Instances: [{}] }]);
    const ledger = await new S3Client(config).send(new GetObjectCommand({ Bucket: bucket, Key: "ledger.json" }));
    expect(JSON.parse((await ledger.Body?.transformToString()) ?? "")).toMatchObject({ area, epoch: 1 });
  });
});

async function pushImage(url: string): Promise<string> {
  const ecr = new ECRClient(clientConfig({ url, account: pipelineAccount, region }));
  const empty = { mediaType: "application/vnd.oci.image.config.v1+json", digest: `sha256:${"0".repeat(64)}`, size: 2 };
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: empty,
    layers: [],
  });
  await ecr.send(new CreateRepositoryCommand({ repositoryName: "dga-network" }));
  // moto makes up a digest where it is given none.
  const imageDigest = `sha256:${createHash("sha256").update(imageManifest).digest("hex")}`;
  const image = { repositoryName: "dga-network", imageManifest, imageDigest };
  await ecr.send(new PutImageCommand({ ...image, imageTag: "git_cc83ec5" }));
  await ecr.send(new PutImageCommand({ ...image, imageTag: area }));
  return imageDigest;
}

async function createArea(url: string): Promise<void> {
  const config = clientConfig({ url, account, region });
  const Bucket = bucket;
  await new S3Client(config).send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }),
  );
  const LaunchTemplateName = "deploy";
  await new EC2Client(config).send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName,
      LaunchTemplateData: { ImageId: "ami-12c6146b", InstanceType: "t3.small" },
    }),
  );
  await new AutoScalingClient(config).send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: deployGroup,
      MinSize: 0,
      MaxSize: 1,
      LaunchTemplate: { LaunchTemplateName, Version: "$Latest" },
      AvailabilityZones: [`${region}a`],
    }),
  );
}
