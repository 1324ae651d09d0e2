import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Sandbox, VirtualClock } from "../src/index.ts";
import { openInProcess, scratch } from "./ways-in.ts";

const base = "http://sandbox.invalid";

describe("instance metadata", () => {
  let sandbox: Sandbox;
  let clock: VirtualClock;
  let instance: string;

  beforeEach(async () => {
    ({ sandbox, clock } = await openInProcess());
    instance = await launch("deploy");
  });
  afterEach(() => vi.unstubAllEnvs());

  async function launch(group: string, metadataTags = true): Promise<string> {
    const account = sandbox.account(scratch);
    account.ec2().createLaunchTemplate(group, { profile: "deployer", metadataTags });
    const tags = { "windlass:deployment": "d-1" };
    account.autoScaling().createGroup(group, { desired: 1, launchTemplate: group, tags });
    await clock.advance(120_000);
    return account.autoScaling().group(group)?.instances[0]?.id ?? "none";
  }

  async function issueToken(seconds = 60, of = instance): Promise<string> {
    const headers = { "x-aws-ec2-metadata-token-ttl-seconds": String(seconds) };
    const response = await sandbox.fetch(`${base}/_instance/${of}/latest/api/token`, { method: "PUT", headers });
    expect(response.status).toBe(200);
    return response.text();
  }

  async function read(path: string, token?: string, of = instance): Promise<{ status: number; text: string }> {
    const headers = { "x-aws-ec2-metadata-token": token ?? (await issueToken(60, of)) };
    const response = await sandbox.fetch(`${base}/_instance/${of}/latest/${path}`, { headers });
    return { status: response.status, text: await response.text() };
  }

  it("tells an instance about itself", async () => {
    expect(await read("meta-data/instance-id")).toEqual({ status: 200, text: instance });
    expect((await read("meta-data/placement/region")).text).toBe("ap-southeast-2");
    expect((await read("meta-data/placement/availability-zone")).text).toMatch(/^ap-southeast-2[a-z]$/);
    expect((await read("meta-data/tags/instance/windlass:deployment")).text).toBe("d-1");
    expect((await read("meta-data/tags/instance/")).text).toContain("windlass:deployment");
    const document: unknown = JSON.parse((await read("dynamic/instance-identity/document")).text);
    expect(document).toMatchObject({ accountId: scratch, instanceId: instance, region: "ap-southeast-2" });
    expect((await read("meta-data/spot/instance-action")).status).toBe(404);
    expect((await read("meta-data/%zz")).status).toBe(404);
  });

  it("shows tags only where the launch template says so", async () => {
    const plain = await launch("plain", false);

    expect(await read("meta-data/tags/instance/", undefined, plain)).toMatchObject({ status: 404 });
  });

  it("gives the credentials of the instance's role, which are a session named after the instance", async () => {
    expect((await read("meta-data/iam/security-credentials/")).text).toBe("deployer");
    const document = JSON.parse((await read("meta-data/iam/security-credentials/deployer")).text) as {
      [key: string]: string;
    };
    const credentials = {
      accessKeyId: document["AccessKeyId"] ?? "",
      secretAccessKey: document["SecretAccessKey"] ?? "",
      sessionToken: document["Token"] ?? "",
    };
    const sts = new STSClient({ ...sandbox.clientConfig({ account: scratch }), credentials, maxAttempts: 1 });

    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::${scratch}:assumed-role/deployer/${instance}`);
    expect(Date.parse(document["Expiration"] ?? "") - clock.now()).toBeLessThanOrEqual(6 * 3_600_000);
    await clock.advance(6 * 3_600_000);
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: "ExpiredToken" });
  });

  it("answers nothing without a token of that very instance that still lives", async () => {
    const other = await launch("other");
    const foreign = await issueToken(60, other);
    const mine = await issueToken(60);

    const bare = await sandbox.fetch(`${base}/_instance/${instance}/latest/meta-data/instance-id`);
    expect(bare.status).toBe(401);
    expect((await read("meta-data/instance-id", "made-up")).status).toBe(401);
    expect((await read("meta-data/instance-id", foreign)).status).toBe(401);
    expect((await read("meta-data/instance-id", mine)).status).toBe(200);
    await clock.advance(60_000);
    expect((await read("meta-data/instance-id", mine)).status).toBe(401);
  });

  it.each([
    ["PUT", {}, 400],
    ["PUT", { "x-aws-ec2-metadata-token-ttl-seconds": "21601" }, 400],
    ["PUT", { "x-aws-ec2-metadata-token-ttl-seconds": "0x3c" }, 400],
    ["PUT", { "x-aws-ec2-metadata-token-ttl-seconds": "6e1" }, 400],
    ["PUT", { "x-aws-ec2-metadata-token-ttl-seconds": "60", "x-forwarded-for": "10.0.0.1" }, 403],
    ["GET", { "x-aws-ec2-metadata-token-ttl-seconds": "60" }, 405],
  ])("issues no token for %s with %j", async (method, headers: Record<string, string>, status) => {
    const response = await sandbox.fetch(`${base}/_instance/${instance}/latest/api/token`, { method, headers });

    expect(response.status).toBe(status);
  });

  it("is gone with its instance", async () => {
    sandbox.account(scratch).autoScaling().setDesiredCapacity("deploy", 0);
    await clock.advance(600_000);

    const url = `${base}/_instance/${instance}/latest/api/token`;
    expect((await sandbox.fetch(url, { method: "PUT" })).status).toBe(404);
  });

  it("serves SDK clients that drop a path at a port of its own", async () => {
    const metadata = await sandbox.listenMetadata(instance);
    const { url, close } = await sandbox.listen();
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_EC2_METADATA_DISABLED"]) {
      vi.stubEnv(name, undefined);
    }
    vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    vi.stubEnv("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.url);
    const sts = new STSClient({ region: "ap-southeast-2", endpoint: url, maxAttempts: 1 });

    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));

    expect(Arn).toBe(`arn:aws:sts::${scratch}:assumed-role/deployer/${instance}`);
    await Promise.all([metadata.close(), close()]);
  });
});
