import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSandbox, credentialsFor, type Identity, type Sandbox } from "../src/index.ts";
import { hasAwsCli, type Ran, run } from "./programs.ts";
import { production, scratch } from "./ways-in.ts";

const minute = 60_000;

// The CLI is the second client, written by others, that must understand what the sandbox says.
describe.skipIf(!hasAwsCli())(
  "the AWS CLI (skipped where no `aws` of at least 1.29 or 2.13 is on the PATH)",
  { timeout: minute },
  () => {
    let sandbox: Sandbox;
    let url: string;
    let close: () => Promise<void>;
    let folder: string;

    beforeAll(async () => {
      sandbox = createSandbox();
      ({ url, close } = await sandbox.listen());
      folder = await mkdtemp(join(tmpdir(), "windlass-cli-"));
      await writeFile(join(folder, "config"), cliConfig);
    });
    afterAll(async () => {
      await close();
      await rm(folder, { recursive: true });
    });

    function aws(args: string, identity: Identity = { account: scratch }): Promise<Ran> {
      const { accessKeyId, secretAccessKey, sessionToken } = credentialsFor(identity);
      const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
      return start(args, sessionToken === undefined ? keys : { ...keys, AWS_SESSION_TOKEN: sessionToken });
    }

    function start(args: string, env: Readonly<Record<string, string>>): Promise<Ran> {
      return startWith(args.split(" "), env);
    }

    function startWith(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
      // Version 1 of the CLI knows the region by the second name only.
      const place = { AWS_ENDPOINT_URL: url, AWS_REGION: "ap-southeast-2", AWS_DEFAULT_REGION: "ap-southeast-2" };
      const quiet = { AWS_PAGER: "", AWS_MAX_ATTEMPTS: "1", AWS_CONFIG_FILE: join(folder, "config") };
      return run("aws", args, { env: { ...place, ...quiet, ...env }, cwd: folder });
    }

    async function awsJson(args: string, identity?: Identity): Promise<unknown> {
      const { code, stdout, stderr } = await aws(args, identity);
      expect(stderr).toBe("");
      expect(code).toBe(0);
      return stdout === "" ? undefined : JSON.parse(stdout);
    }

    it("learns who it is, and becomes a role", async () => {
      const role = { account: production, role: "deployer", session: "i-1" };
      expect(await awsJson("sts get-caller-identity", role)).toMatchObject({
        Account: production,
        Arn: `arn:aws:sts::${production}:assumed-role/deployer/i-1`,
      });

      const roleArn = `arn:aws:iam::${scratch}:role/apply`;
      const answer = await awsJson(`sts assume-role --role-arn ${roleArn} --role-session-name d-1`);

      expect(answer).toMatchObject({ Credentials: { AccessKeyId: `${scratch}.apply.d-1` } });
    });

    it("makes a bucket, but only with its region as the location", async () => {
      const refused = await aws("s3api create-bucket --bucket cli-made");
      expect(refused.stderr).toContain("IllegalLocationConstraintException");

      await awsJson(
        "s3api create-bucket --bucket cli-made --create-bucket-configuration LocationConstraint=ap-southeast-2",
      );

      expect(sandbox.account(scratch).s3.buckets()).toContain("cli-made");
    });

    it("copies files up in parts and down again, lists and removes them", async () => {
      sandbox.account(scratch).s3.createBucket("files");
      const large = Buffer.alloc(9 * 1024 * 1024, "0123456789");
      await writeFile(join(folder, "large"), large);
      await writeFile(join(folder, "small file+1"), "small");

      const uploads = ["large", "small file+1"].map((file) =>
        startWith(["s3", "cp", "--no-progress", file, `s3://files/a/${file}`], cliKeys),
      );
      for (const { code, stderr } of await Promise.all(uploads))
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const listed = await aws("s3 ls --recursive s3://files");
      const down = await aws("s3 cp --no-progress s3://files/a/large back");
      const removed = await aws("s3 rm --recursive s3://files/a");

      expect(listed.stdout).toContain("a/large");
      expect(listed.stdout).toContain("a/small file+1");
      expect(down.code).toBe(0);
      expect((await readFile(join(folder, "back"))).equals(large)).toBe(true);
      expect(sandbox.calls.count()).toMatchObject({ "s3:UploadPart": 2, "s3:CompleteMultipartUpload": 1 });
      expect(removed.code).toBe(0);
      expect(sandbox.account(scratch).s3.keys("files")).toEqual([]);
    });

    it("writes on a condition and is told why it failed", async () => {
      sandbox.account(scratch).s3.createBucket("conditions");
      await writeFile(join(folder, "body"), "body");
      const put = "s3api put-object --bucket conditions --key claim.json --body body --if-none-match *";

      expect(await awsJson(put)).toMatchObject({ ETag: '"841a2d689ad86bd1611447453c22c6fc"' });
      const second = await aws(put);
      const missing = await aws("s3api get-object --bucket conditions --key none out");

      expect(second.stderr).toContain("(PreconditionFailed)");
      expect(missing.stderr).toContain("(NoSuchKey)");
    });

    it("makes a link that anybody may follow", async () => {
      sandbox.account(scratch).s3.createBucket("links");
      sandbox.account(scratch).s3.write("links", "a b", "shared");

      const { stdout } = await startWith(["s3", "presign", "s3://links/a b"], cliKeys);

      expect(stdout).toContain("X-Amz-Signature=");
      expect(await (await fetch(stdout.trim())).text()).toBe("shared");
    });

    it("reaches every other service", async () => {
      const calls = ["ecr describe-repositories", "autoscaling describe-auto-scaling-groups", "ec2 describe-instances"];

      const answers = await Promise.all(calls.map((call) => awsJson(call)));

      expect(answers).toEqual([{ repositories: [] }, { AutoScalingGroups: [] }, { Reservations: [] }]);
    });

    it("is told in one sentence what the sandbox has not", async () => {
      const unknown = ["cloudformation list-stacks", "lambda list-functions", "ssm describe-parameters"];
      const services = await Promise.all(unknown.map((call) => aws(call)));
      const [action, subresource] = await Promise.all([
        aws("sts get-session-token"),
        aws("s3api get-bucket-acl --bucket files"),
      ]);

      for (const { stderr } of services) {
        expect(stderr).toMatch(/\(UnknownService\).*this sandbox has no service "\w+", only ecr/);
      }
      expect(action.stderr).toMatch(/\(InvalidAction\).*the sandbox's sts has no action "GetSessionToken"/);
      expect(subresource.stderr).toContain("(NotImplemented)");
    });

    it("takes an instance's credentials from its metadata at a path of the same port", async () => {
      const account = sandbox.account(scratch);
      account.ec2().timings({ bootMs: 0 });
      account.ec2().createLaunchTemplate("deploy", { profile: "deployer" });
      account.autoScaling().createGroup("deploy", { desired: 1, launchTemplate: "deploy" });
      const instance = await firstRunning(() => account.ec2().instances());

      const endpoint = { AWS_EC2_METADATA_SERVICE_ENDPOINT: `${url}/_instance/${instance}` };
      const { stdout, stderr } = await start("sts get-caller-identity --output text --query Arn", endpoint);

      expect(stderr).toBe("");
      expect(stdout.trim()).toBe(`arn:aws:sts::${scratch}:assumed-role/deployer/${instance}`);
    });
  },
);

const cliKeys = { AWS_ACCESS_KEY_ID: scratch, AWS_SECRET_ACCESS_KEY: "sandbox" };
// Version 1 of the CLI otherwise makes links of Signature Version 2.
const cliConfig = "[default]\ns3 =\n  signature_version = s3v4\n";

interface Seen {
  readonly instanceId: string;
  readonly state: string;
}

/** The group launches by the machine's clock here: looks until it has. */
async function firstRunning(look: () => readonly Seen[]): Promise<string> {
  for (;;) {
    const running = look().find(({ state }) => state === "running");
    if (running !== undefined) return running.instanceId;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
