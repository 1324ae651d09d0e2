import { describe, expect, it } from "vitest";
import { errorOf, openDistribution, repository, tokenOf } from "../testing/distribution-fixture.ts";
import { pipeline, scratch } from "../testing/registry-fixture.ts";

const hour = 3_600_000;

describe("logging in to a registry", () => {
  it("asks for credentials, and takes an authorization token", async () => {
    const { send, url } = await openDistribution();

    const without = await send("", { token: null });
    const withToken = await send("");

    expect(without.status).toBe(401);
    expect(without.headers.get("www-authenticate")).toBe(`Basic realm="${url}/",service="ecr.amazonaws.com"`);
    expect(without.headers.get("date")).toBe("Tue, 24 Nov 2026 09:00:00 GMT");
    expect(withToken.status).toBe(200);
    expect(withToken.headers.get("docker-distribution-api-version")).toBe("registry/2.0");
  });

  it.each([
    ["another user", "docker:secret"],
    ["a password of one's own", "AWS:secret"],
    ["a token of no account", `AWS:${encode(JSON.stringify({ payload: "1/ap-southeast-2", expiration: 1e12 }))}`],
    ["a token without its parts", `AWS:${encode("{}")}`],
  ])("refuses %s as it does no credentials", async (_, userAndPassword) => {
    const { send } = await openDistribution();

    const refused = send("", { token: encode(userAndPassword) });

    expect((await refused).headers.get("www-authenticate")).toContain("Basic realm=");
    expect(await errorOf(refused)).toEqual({ status: 401, code: "UNAUTHORIZED", message: "Not Authorized" });
  });

  it("ends twelve hours after the token was given, without a new challenge", async () => {
    const { send, clock } = await openDistribution();
    await clock.advance(12 * hour - 1);
    const before = await send("");
    await clock.advance(1);
    const after = send("");

    expect(before.status).toBe(200);
    expect((await after).headers.has("www-authenticate")).toBe(false);
    expect(await errorOf(after)).toEqual({
      status: 403,
      code: "DENIED",
      message: "Your authorization token has expired. Reauthenticate and try again.",
    });
  });

  it("makes the caller who asked for the token", async () => {
    const { send, foreigner, sandbox } = await openDistribution();

    await send("", { token: await tokenOf(foreigner) });

    expect(sandbox.calls.entries.at(-1)).toMatchObject({
      service: "ecr",
      action: "CheckLogin",
      account: scratch,
      role: "deploy-lambda",
      session: "tick",
      region: "ap-southeast-2",
      outcome: "ok",
    });
  });
});

describe("a registry's paths", () => {
  it("begin with the account that owns the registry", async () => {
    const { send } = await openDistribution();

    expect(await errorOf(send(`${repository}/x/manifests/scratch`))).toMatchObject({
      status: 404,
      code: "NAME_UNKNOWN",
      message: expect.stringContaining("<host>/<account of twelve digits>/<repository>"),
    });
    expect(await errorOf(send(`${scratch}/${repository}/manifests/scratch`))).toEqual({
      status: 404,
      code: "NAME_UNKNOWN",
      message: `The repository with name '${repository}' does not exist in the registry with id '${scratch}'`,
    });
    expect(await errorOf(send(`${pipeline}/%zz`))).toMatchObject({ status: 404, code: "NAME_UNKNOWN" });
  });

  it("leave S3 its keys", async () => {
    const { sandbox, url } = await openDistribution();
    sandbox.account(scratch).s3.createBucket("state");
    sandbox.account(scratch).s3.write("state", "v2/key", "an object");
    const scope = `${scratch}/20261124/ap-southeast-2/s3/aws4_request`;
    const headers = {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      host: `state.localhost:${new URL(url).port}`,
    };

    const answer = await sandbox.fetch(`http://state.localhost:${new URL(url).port}/v2/key`, { headers });

    expect(await answer.text()).toBe("an object");
  });
});

describe("faults of a registry", () => {
  it("throttle in its own words", async () => {
    const { sendTo, registry, sandbox } = await openDistribution();
    registry.pushImage({ repository, tags: ["scratch"] });
    sandbox.faults.add({ kind: "throttle", service: "ecr", action: "PullManifest", times: 1 });

    const throttled = await errorOf(sendTo("manifests/scratch"));
    const next = await sendTo("manifests/scratch");

    expect(throttled).toEqual({ status: 429, code: "TOOMANYREQUESTS", message: "Rate exceeded" });
    expect(next.status).toBe(200);
  });

  it("choose calls by what they are about, and break connections", async () => {
    const { sendTo, registry, sandbox } = await openDistribution();
    const digest = registry.pushImage({ repository, tags: ["scratch"] });
    const match = ({ input }: { input: Readonly<Record<string, unknown>> }) => input["imageDigest"] === digest;
    sandbox.faults.add({ kind: "error-before", code: "ECONNRESET", service: "ecr", match });

    const byTag = await sendTo("manifests/scratch");
    await expect(sendTo(`manifests/${digest}`)).rejects.toThrow();

    expect(byTag.status).toBe(200);
    expect(sandbox.calls.entries.at(-1)).toMatchObject({
      action: "PullManifest",
      outcome: "lost",
      input: { method: "GET", registryId: pipeline, repositoryName: repository, imageDigest: digest },
    });
  });
});

function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}
