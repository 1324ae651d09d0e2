import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Opened, production, scratch, waysIn } from "./ways-in.ts";

const RoleArn = `arn:aws:iam::${scratch}:role/windlass/apply.role`;

describe.each(waysIn)("STS, $way", ({ open }) => {
  let opened: Opened;
  let user: STSClient;

  beforeEach(async () => {
    opened = await open();
    user = new STSClient(opened.config());
  });
  afterEach(() => opened.close());

  function assume(input: Partial<AssumeRoleCommandInput> = {}): AssumeRoleCommand {
    return new AssumeRoleCommand({ RoleArn, RoleSessionName: "d-1.a", ...input });
  }

  it("tells who calls", async () => {
    const role = new STSClient(opened.config({ account: production, role: "deployer", session: "i-1" }));

    const answers = await Promise.all([user, role].map((client) => client.send(new GetCallerIdentityCommand({}))));

    expect(answers).toMatchObject([
      { Account: scratch, Arn: `arn:aws:iam::${scratch}:user/sandbox` },
      { Account: production, Arn: `arn:aws:sts::${production}:assumed-role/deployer/i-1` },
    ]);
    expect(answers[1]?.UserId).toMatch(/^AROA[0-9A-F]{17}:i-1$/);
  });

  it("hands out credentials of a role, which are that session until they expire", async () => {
    const { Credentials, AssumedRoleUser } = await user.send(assume());
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    };
    const session = new STSClient({ ...opened.config(), credentials });
    const s3 = new S3Client({ ...opened.config(), credentials });

    const { Arn } = await session.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::${scratch}:assumed-role/apply.role/d-1.a`);
    expect(AssumedRoleUser?.Arn).toBe(Arn);
    expect(Credentials?.Expiration).toEqual(new Date("2026-11-24T10:00:00Z"));

    await opened.clock.advance(3_600_000);
    const late = session.send(new GetCallerIdentityCommand({}));
    await expect(late).rejects.toMatchObject({ name: "ExpiredToken", $metadata: { httpStatusCode: 403 } });
    await expect(s3.send(new ListBucketsCommand({}))).rejects.toMatchObject({ name: "ExpiredToken" });
  });

  it("wants a role's trust before another account may assume it", async () => {
    const stranger = new STSClient(opened.config({ account: production }));
    await expect(stranger.send(assume())).rejects.toMatchObject({
      name: "AccessDenied",
      $metadata: { httpStatusCode: 403 },
    });

    opened.sandbox.account(scratch).sts.trust({ role: "apply.role", accounts: [production] });
    const { Credentials } = await stranger.send(assume());

    expect(Credentials?.AccessKeyId).toContain(scratch);
  });

  it.each([
    ["too short", { DurationSeconds: 899 }],
    ["too long for any role", { DurationSeconds: 43_201 }],
    ["too long for this role", { DurationSeconds: 3601 }],
    ["without a good name", { RoleSessionName: "a b" }],
    ["with too short a name", { RoleSessionName: "a" }],
    ["of no role", { RoleArn: "arn:aws:iam::222222222222:user/someone" }],
  ])("refuses a session that is %s", async (_what, input) => {
    await expect(user.send(assume(input))).rejects.toMatchObject({
      name: "ValidationError",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("lets a session last as long as its role allows, but for an hour where roles are chained", async () => {
    opened.sandbox.account(scratch).sts.trust({ role: "apply.role", maxSessionSeconds: 7200 });
    const chained = new STSClient(opened.config({ role: "instance", session: "i-1" }));

    const { Credentials } = await user.send(assume({ DurationSeconds: 7200 }));
    expect(Credentials?.Expiration).toEqual(new Date("2026-11-24T11:00:00Z"));
    await chained.send(assume({ DurationSeconds: 3600 }));
    await expect(chained.send(assume({ DurationSeconds: 7200 }))).rejects.toMatchObject({
      name: "ValidationError",
      message: expect.stringContaining("1 hour session limit for roles assumed by role chaining") as string,
    });
  });

  it("ends sessions early where a test wants to see them renewed", async () => {
    opened.sandbox.account(scratch).sts.trust({ role: "apply.role", endSessionsAfterSeconds: 15 });

    const { Credentials } = await user.send(assume({ DurationSeconds: 3600 }));

    expect(Credentials?.Expiration).toEqual(new Date("2026-11-24T09:00:15Z"));
  });

  it("bounds the session policy and wants it to be JSON", async () => {
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });

    const { PackedPolicySize } = await user.send(assume({ Policy }));
    expect(PackedPolicySize).toBeGreaterThan(0);
    await expect(user.send(assume({ Policy: "{" }))).rejects.toMatchObject({
      name: "MalformedPolicyDocumentException",
    });
    const long = user.send(assume({ Policy: Policy + " ".repeat(2048) }));
    await expect(long).rejects.toMatchObject({ name: "PackedPolicyTooLargeException" });
  });
});
