import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAwsClients, type OpenAws } from "../src/aws-clients.ts";
import { areasText, openAreas, openAwsIn } from "./areas/open-areas.ts";

const BUCKET = "windlass-state-444444444444-ap-southeast-2";
const FILES = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "HOME", "AWS_EC2_METADATA_DISABLED"] as const;

/** The one line of an area that can not be looked at. */
async function lineOf(areas: ReturnType<typeof openAreas>, ...args: readonly string[]): Promise<string> {
  const { code, out, error } = await areas.run("history", "--area", "production", ...args);
  expect({ code, out }).toEqual({ code: 5, out: "" });
  expect(error.split("\n")).toHaveLength(2);
  return error.trimEnd();
}

/** A real client whose credentials are found by the SDK itself, in the files of this folder. */
describe("credentials that the SDK finds, or does not", () => {
  const before = Object.fromEntries(FILES.map((name) => [name, process.env[name]]));
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "windlass-aws-"));
    process.env["AWS_CONFIG_FILE"] = join(folder, "config");
    process.env["AWS_SHARED_CREDENTIALS_FILE"] = join(folder, "credentials");
    process.env["HOME"] = folder;
    process.env["AWS_EC2_METADATA_DISABLED"] = "true";
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    for (const name of FILES) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  function open(config: string) {
    writeFileSync(join(folder, "config"), config);
    const areas: ReturnType<typeof openAreas> = openAreas({ openAws: (request) => openAws(request) });
    const openAws: OpenAws = ({ region, profile }) =>
      createAwsClients(
        { requestHandler: areas.sandbox.requestHandler, maxAttempts: 1, ...(profile === null ? {} : { profile }) },
        { region, forcePathStyle: false },
      );
    return areas;
  }

  it("are none", async () => {
    const areas = open("");

    expect(await lineOf(areas, "--profile", "prod-admin")).toBe(
      "production (profile prod-admin): there are no AWS credentials: found CredentialsProviderError (no-credentials). Hint: check that the AWS configuration has the profile prod-admin: aws configure list --profile prod-admin",
    );
  });

  it("are of a single sign-on that has expired", async () => {
    const areas = open(`[profile prod-admin]
sso_session = acme
sso_account_id = 444444444444
sso_role_name = Admin
region = ap-southeast-2
[sso-session acme]
sso_region = ap-southeast-2
sso_start_url = https://acme.awsapps.com/start
`);
    // As the AWS CLI names it.
    const name = createHash("sha1").update("acme").digest("hex");
    mkdirSync(join(folder, ".aws", "sso", "cache"), { recursive: true });
    writeFileSync(
      join(folder, ".aws", "sso", "cache", `${name}.json`),
      JSON.stringify({ accessToken: "x", expiresAt: "2026-01-01T00:00:00Z", region: "ap-southeast-2" }),
    );

    expect(await lineOf(areas, "--profile", "production=prod-admin")).toBe(
      "production (profile prod-admin): single sign-on has expired: found CredentialsProviderError (sso-expired). Hint: run: aws sso login --profile prod-admin",
    );
  });

  it("are keys of a profile", async () => {
    const areas = open("");
    writeFileSync(
      join(folder, "credentials"),
      "[prod-admin]\naws_access_key_id = 444444444444.Admin.kim\naws_secret_access_key = x\naws_session_token = x\n",
    );

    expect(await areas.run("history", "--area", "production", "--profile", "prod-admin")).toMatchObject({ code: 0 });
    expect(
      areas.sandbox.calls.entries.every(({ account, session }) => account === "444444444444" && session === "kim"),
    ).toBe(true);
  });
});

describe("an area that can not be looked at", () => {
  it("is of another account than the credentials", async () => {
    const line = await lineOf(openAreas(), "--profile", "production=staging");

    expect(line).toBe(
      "production (profile staging): the credentials are of another account than the mapping's for this area: expected 444444444444, found 333333333333 (arn:aws:sts::333333333333:assumed-role/operator/kim) (wrong-account). Hint: name a profile of account 444444444444: --profile production=<profile>, or WINDLASS_PROFILE_PRODUCTION",
    );
  });

  it("has no bucket", async () => {
    const areas = openAreas();
    writeFileSync(join(areas.folder, "other.yaml"), areasText({ production: "infra: { bucket: acme-state }" }));

    expect(await lineOf(areas, "--mapping", "other.yaml")).toMatch(
      /^production \(profile production\): s3:\/\/acme-state\/.*: there is no such bucket.* \(bucket-missing\)\. Hint: deploy the area's stack to account 444444444444 in ap-southeast-2, or set infra\.bucket/,
    );
  });

  it("denies access", async () => {
    const areas = openAreas();
    areas.sandbox.account("444444444444").s3.deny({ role: "operator", prefix: "", actions: ["GetObject"] });

    expect(await lineOf(areas)).toMatch(
      new RegExp(
        `^production .*: s3://${BUCKET}/ledger\\.json: access was denied.*\\(no-permission\\)\\. Hint: ask for a role`,
      ),
    );
  });

  it("is out of reach", async () => {
    const areas = openAreas();
    areas.sandbox.faults.add({ kind: "error-before", service: "s3" });

    expect(await lineOf(areas)).toMatch(
      /ledger\.json: S3 gave no answer.*\(aws-unreachable\)\. Hint: check the network/,
    );
  });

  it.each([
    ["ExpiredToken", "credentials-rejected"],
    ["InvalidClientTokenId", "credentials-rejected"],
    ["AccessDenied", "no-permission"],
  ])("is refused by STS with %s", async (code, expected) => {
    const areas = openAreas();
    areas.sandbox.faults.add({ kind: "error-before", service: "sts", code, status: 403 });

    expect(await lineOf(areas)).toContain(`(${expected}). Hint: `);
  });

  it("has a ledger that can not be read as one", async () => {
    const areas = openAreas();
    areas.sandbox.account("444444444444").s3.write(BUCKET, "ledger.json", "{");

    expect(await lineOf(areas)).toMatch(/ledger\.json.*\(area-unreadable\)\. Hint: /);
  });

  it("is opened with the profile of the environment, of all areas or its own, or with what the SDK chooses", async () => {
    const asked: (string | null)[] = [];
    const areas = openAreas({ env: { WINDLASS_PROFILE_PRODUCTION: "", WINDLASS_PROFILE: "staging" } });
    const inner = openAwsIn(areas.sandbox, areas.mapping);
    const openAws: OpenAws = (request) => {
      asked.push(request.profile);
      return inner(request);
    };

    await areas.runWith({ openAws }, "history");
    await areas.runWith({ openAws, env: { WINDLASS_MAPPING: "windlass.yaml" } }, "history");
    await areas.runWith({ openAws }, "history", "--profile", "both", "--profile", "staging=mine");

    expect(asked).toEqual(["staging", "staging", null, null, "mine", "both"]);
  });

  it.each([
    [["--profile", "=x"], "options-wrong", 2],
    [["--profile", "prodcution=x"], "unknown-area", 3],
  ])("refuses %j", async (args, code, exit) => {
    const { code: ended, error } = await openAreas().run("status", ...args);

    expect({ ended, named: error.includes(`(${code})`) }).toEqual({ ended: exit, named: true });
  });

  it("wants a mapping", async () => {
    const areas = openAreas();

    expect(await areas.runWith({ env: {} }, "status")).toMatchObject({
      code: 2,
      error: expect.stringContaining("(mapping-missing). Hint: "),
    });
    const named = { env: { WINDLASS_PROFILE: "staging" } };
    expect(await areas.runWith(named, "history", "--area", "staging", "--mapping", "windlass.yaml")).toMatchObject({
      code: 0,
    });
  });
});
