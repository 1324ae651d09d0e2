import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasAwsCli, type Ran, run } from "../../test/programs.ts";
import { type VirtualClock, virtualClock } from "../core/clock.ts";
import { createSandbox, type Sandbox } from "../sandbox.ts";
import { bareManifest, pipeline, scratch, sha256, start } from "./testing/registry-fixture.ts";

const minute = 60_000;
const repository = "dga-web";
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${scratch}:root` }, Action: "ecr:BatchGetImage" }],
});

describe.skipIf(!hasAwsCli())(
  "the AWS CLI (skipped where no `aws` of at least 1.29 or 2.13 is on the PATH)",
  { timeout: minute },
  () => {
    let sandbox: Sandbox;
    let clock: VirtualClock;
    let url: string;
    let close: () => Promise<void>;

    beforeEach(async () => {
      clock = virtualClock(start);
      sandbox = createSandbox({ clock });
      sandbox.account(pipeline).ecr().createRepository(repository);
      ({ url, close } = await sandbox.listen());
    });
    afterEach(() => close());

    /** What the words say, then the further arguments as they are. */
    function aws(account: string, words: string, ...more: readonly string[]): Promise<Ran> {
      const env = {
        AWS_ENDPOINT_URL: url,
        AWS_REGION: "ap-southeast-2",
        // Version 1 of the CLI knows the region by this name only.
        AWS_DEFAULT_REGION: "ap-southeast-2",
        AWS_PAGER: "",
        AWS_MAX_ATTEMPTS: "1",
        AWS_ACCESS_KEY_ID: account,
        AWS_SECRET_ACCESS_KEY: "sandbox",
      };
      return run("aws", [...words.split(" "), ...more], { env });
    }

    async function awsJson(account: string, words: string, ...more: readonly string[]): Promise<unknown> {
      const { stdout, stderr } = await aws(account, words, ...more);
      expect(stderr).toBe("");
      return stdout === "" ? undefined : JSON.parse(stdout);
    }

    it("pushes a manifest with and without its digest, and is told of a wrong one", async () => {
      const put = `ecr put-image --repository-name ${repository} --image-tag scratch --image-manifest`;

      const without = await awsJson(pipeline, put, bareManifest(1));
      const withDigest = await awsJson(pipeline, put, bareManifest(2), "--image-digest", sha256(bareManifest(2)));
      const wrong = await aws(pipeline, put, bareManifest(3), "--image-digest", sha256(bareManifest(2)));

      expect(without).toMatchObject({
        image: { imageId: { imageDigest: sha256(bareManifest(1)), imageTag: "scratch" } },
      });
      expect(withDigest).toMatchObject({ image: { imageId: { imageDigest: sha256(bareManifest(2)) } } });
      expect(wrong.stderr).toContain("(ImageDigestDoesNotMatchException)");
      expect(sandbox.account(pipeline).ecr().digestOf(repository, "scratch")).toBe(sha256(bareManifest(2)));
    });

    it("promotes an image by putting its manifest once more under another tag", async () => {
      const registry = sandbox.account(pipeline).ecr();
      const digest = registry.pushImage({ repository, tags: ["scratch"] });
      registry.pushImage({ repository, tags: ["staging"] });
      const read = `ecr batch-get-image --repository-name ${repository} --image-ids imageTag=scratch`;

      const { stdout } = await aws(pipeline, `${read} --query images[].imageManifest --output text`);
      await awsJson(
        pipeline,
        `ecr put-image --repository-name ${repository} --image-tag staging --image-manifest`,
        stdout.trim(),
      );

      expect(registry.digestOf(repository, "staging")).toBe(digest);
      const listed = await awsJson(
        pipeline,
        `ecr describe-images --repository-name ${repository} --image-ids imageTag=staging`,
      );
      expect(listed).toMatchObject({ imageDetails: [{ imageDigest: digest, imageTags: ["scratch", "staging"] }] });
    });

    it("reads another account's registry as its policy lets it", async () => {
      sandbox
        .account(pipeline)
        .ecr()
        .pushImage({ repository, tags: ["scratch"] });
      const read = `ecr batch-get-image --registry-id ${pipeline} --repository-name ${repository} --image-ids imageTag=scratch imageTag=x`;

      const before = await aws(scratch, read);
      await awsJson(pipeline, `ecr set-repository-policy --repository-name ${repository} --policy-text`, policy);
      const after = await awsJson(scratch, read);

      expect(before.stderr).toContain("because no resource-based policy allows the ecr:BatchGetImage action");
      expect(after).toMatchObject({
        images: [{ imageId: { imageTag: "scratch" } }],
        failures: [{ imageId: { imageTag: "x" }, failureCode: "ImageNotFound" }],
      });
    });

    it("follows a group from nothing to an instance in service and back", async () => {
      const group = ["--auto-scaling-group-name", "deploy"];
      const show = "autoscaling describe-auto-scaling-groups --auto-scaling-group-names deploy";
      await awsJson(
        scratch,
        "ec2 create-launch-template --launch-template-name deploy-template --launch-template-data {}",
      );
      await awsJson(
        scratch,
        "autoscaling create-auto-scaling-group --min-size 0 --max-size 1 --availability-zones ap-southeast-2a --launch-template LaunchTemplateName=deploy-template",
        ...group,
        "--tags",
        "Key=windlass:deployment,Value=d-1,PropagateAtLaunch=true",
      );

      const beyond = await aws(scratch, "autoscaling set-desired-capacity --desired-capacity 2", ...group);
      await awsJson(scratch, "autoscaling set-desired-capacity --desired-capacity 1", ...group);
      await clock.advance(minute);
      const running = await awsJson(scratch, show);
      const id = sandbox.account(scratch).autoScaling().group("deploy")?.instances[0]?.id ?? "";
      const seen = await awsJson(scratch, "ec2 describe-instances --filters Name=tag:windlass:deployment,Values=d-1");
      const end = `autoscaling terminate-instance-in-auto-scaling-group --should-decrement-desired-capacity --instance-id ${id}`;
      const ended = await awsJson(scratch, end);
      await clock.advance(minute);

      expect(beyond.stderr).toContain("New SetDesiredCapacity value 2 is above max value 1 for the AutoScalingGroup.");
      expect(running).toMatchObject({
        AutoScalingGroups: [{ Instances: [{ InstanceId: id, LifecycleState: "InService" }] }],
      });
      expect(seen).toMatchObject({ Reservations: [{ Instances: [{ InstanceId: id, State: { Name: "running" } }] }] });
      expect(ended).toMatchObject({ Activity: { StatusCode: "InProgress" } });
      expect(await awsJson(scratch, show)).toMatchObject({
        AutoScalingGroups: [{ DesiredCapacity: 0, Instances: [] }],
      });
    });
  },
);
