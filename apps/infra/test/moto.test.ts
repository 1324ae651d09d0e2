import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { AccountMapping } from "@windlass/account-mapping";
import { clientConfig, type RunningMoto, registryProxy, startMoto } from "@windlass/moto";
import { afterAll, describe, expect, it } from "vitest";
import { workspaceArtifacts } from "../src/artifacts.ts";
import { createApp } from "../src/create-app.ts";
import { type CdkOptions, runCdk } from "./support/cdk-command.ts";
import { exampleWith, onlyResource, stubArtifacts, type Template } from "./support/templates.ts";

const region = "ap-southeast-2";
const account = "222222222222";
const pipelineAccount = "111111111111";
const invoker = fileURLToPath(new URL("../../deploy-lambda/test/support/invoke-bundle.mjs", import.meta.url));

const moto = await startMoto();
afterAll(() => moto.stop());

/** All stacks, with the real bundle of the deploy Lambda. */
function synthesizeReal(mapping: AccountMapping) {
  const outdir = mkdtempSync(join(tmpdir(), "windlass-cdk-"));
  const artifacts = { ...stubArtifacts(), lambda: workspaceArtifacts().lambda };
  const assembly = createApp({ mapping, artifacts, app: { outdir } }).synth();
  return { outdir, area: assembly.getStackArtifact("area-scratch").template as Template };
}

/** The example's mapping, with the deploy instance of scratch in a network that is there: moto deletes no VPC with routes. */
async function mappingFor(options: CdkOptions, memory: number): Promise<AccountMapping> {
  const { Subnets: [subnet] = [] } = await new EC2Client(clientConfig(options)).send(new DescribeSubnetsCommand({}));
  const network = `{ vpc: ${subnet?.VpcId}, subnets: [${subnet?.SubnetId}] }`;
  const alias = "    alias: sts-scratch\n";
  const infra = `    infra: { network: ${network}, memory: ${memory} }\n`;
  return exampleWith(["github: { organization: AusDTO }\n", ""], [alias, alias + infra]);
}

async function configurationOf(options: CdkOptions) {
  return new LambdaClient(clientConfig(options)).send(
    new GetFunctionConfigurationCommand({ FunctionName: "windlass-tick" }),
  );
}

/** The handler in the code that CloudFormation was given, out of the bucket that the CDK put it into. */
async function unpackCode(options: CdkOptions, template: Template): Promise<string> {
  const { S3Bucket: Bucket, S3Key: Key } = onlyResource(template, "AWS::Lambda::Function").Properties.Code;
  const { Body } = await new S3Client(clientConfig(options)).send(new GetObjectCommand({ Bucket, Key }));
  const folder = mkdtempSync(join(tmpdir(), "windlass-code-"));
  writeFileSync(join(folder, "code.zip"), (await Body?.transformToByteArray()) ?? "");
  // moto is a Python program: where it runs, there is one.
  await promisify(execFile)("python3", ["-m", "zipfile", "-e", join(folder, "code.zip"), folder]);
  return join(folder, "handler.mjs");
}

async function pushImage(options: CdkOptions): Promise<string> {
  const ecr = new ECRClient(clientConfig(options));
  const config = { mediaType: "application/vnd.oci.image.config.v1+json", digest: `sha256:${"0".repeat(64)}`, size: 2 };
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] });
  // moto makes up a digest where it is given none.
  const imageDigest = `sha256:${createHash("sha256").update(imageManifest).digest("hex")}`;
  const image = { repositoryName: "dga-network", imageManifest, imageDigest };
  await ecr.send(new PutImageCommand({ ...image, imageTag: "git_cc83ec5" }));
  await ecr.send(new PutImageCommand({ ...image, imageTag: "scratch" }));
  return imageDigest;
}

describe.skipIf(moto.kind === "unavailable")(`the CDK's command line, against ${moto.title}`, () => {
  const { url } = moto as RunningMoto;
  const inArea = { url, account, region };
  const autoScaling = new AutoScalingClient(clientConfig(inArea));
  const inPipeline = { url, account: pipelineAccount, region };
  // moto forgets parameters that have their default, and fails where their previous value is asked for.
  const deploy = ["deploy", "--require-approval", "never", "--method=direct", "--no-previous-parameters", "--app"];

  it("bootstraps both accounts, deploys pipeline and area, whose Lambda then ticks, deploys a change, and destroys", async () => {
    const first = synthesizeReal(await mappingFor(inArea, 256));
    await runCdk(inPipeline, ["bootstrap", `aws://${pipelineAccount}/${region}`]);
    await runCdk(inArea, ["bootstrap", `aws://${account}/${region}`]);
    // The area first: no stack needs another one.
    await runCdk(inArea, [...deploy, first.outdir, "area-scratch"]);
    await runCdk(inPipeline, [...deploy, first.outdir, "pipeline"]);
    const digest = await pushImage(inPipeline);

    const deployed = await configurationOf(inArea);
    const summary = await tickOnce(await unpackCode(inArea, first.area), deployed.Environment?.Variables ?? {});
    const groups = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));

    expect(deployed).toMatchObject({ Runtime: "nodejs24.x", Handler: "handler.handler", MemorySize: 256 });
    expect(summary).toMatchObject({ area: "scratch", launched: [{ image: "dga-network", digest }] });
    expect(groups.AutoScalingGroups).toMatchObject([
      { AutoScalingGroupName: "windlass-deploy", MinSize: 0, MaxSize: 1, DesiredCapacity: 1 },
    ]);

    const second = synthesizeReal(await mappingFor(inArea, 512));
    await runCdk(inArea, [...deploy, second.outdir, "area-scratch"]);
    expect((await configurationOf(inArea)).MemorySize).toBe(512);

    await runCdk(inArea, ["destroy", "--force", "--app", second.outdir, "area-scratch"]);
    await expect(configurationOf(inArea)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("deploys an area with a network of its own", async () => {
    const inStaging = { url, account: "333333333333", region };
    await runCdk(inStaging, ["bootstrap", `aws://${inStaging.account}/${region}`]);
    const { outdir } = synthesizeReal(exampleWith());

    await runCdk(inStaging, [...deploy, outdir, "area-staging"]);

    expect(await configurationOf(inStaging)).toMatchObject({ FunctionName: "windlass-tick" });
  });

  async function tickOnce(handler: string, variables: Readonly<Record<string, string>>): Promise<unknown> {
    const proxy = await registryProxy({ motoUrl: url, registryAccount: pipelineAccount });
    const { accessKeyId, secretAccessKey, sessionToken } = await clientConfig(inArea).credentials();
    const env = {
      ...variables,
      AWS_ENDPOINT_URL: proxy.url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [invoker, pathToFileURL(handler).href], { env });
      const { summary, errorMessage } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
      return summary ?? errorMessage;
    } finally {
      await proxy.close();
    }
  }
});
