import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { failureOf, type Opened, openInProcess, openOverHttp, scratch, start, waysIn } from "./ways-in.ts";

const base = "http://sandbox.invalid";

function signFor(service: string, account = scratch): Record<string, string> {
  const scope = `${account}/20261124/ap-southeast-2/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` };
}

describe.each(waysIn)("credentials that the sandbox does not know, $way", ({ open }) => {
  it("are refused in each service's own words", async () => {
    const opened = await open();
    const stranger = { ...opened.config(), credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "x" } };

    const failures = [
      new S3Client(stranger).send(new GetObjectCommand({ Bucket: "b", Key: "k" })),
      new STSClient(stranger).send(new GetCallerIdentityCommand({})),
      new ECRClient(stranger).send(new DescribeRepositoriesCommand({})),
      new EC2Client(stranger).send(new DescribeInstancesCommand({})),
    ].map(failureOf);

    expect(await Promise.all(failures)).toEqual([
      { name: "InvalidAccessKeyId", status: 403 },
      { name: "InvalidClientTokenId", status: 403 },
      { name: "UnrecognizedClientException", status: 400 },
      { name: "AuthFailure", status: 401 },
    ]);
    expect(opened.sandbox.calls.entries).toEqual([]);
    await opened.close();
  });
});

describe("requests", () => {
  it.each([
    ["S3", { method: "GET" }, 403, "<Code>AccessDenied</Code>"],
    ["a JSON service", { method: "POST", headers: { "x-amz-target": "X.Y" } }, 400, "MissingAuthenticationToken"],
    ["a query service", { method: "POST", body: new URLSearchParams("Action=X") }, 403, "MissingAuthenticationToken"],
  ])("need an Authorization header: %s", async (_what, init: RequestInit, status, text) => {
    const { sandbox } = await openInProcess();

    const response = await sandbox.fetch(`${base}/bucket/key`, init);

    expect(response.status).toBe(status);
    expect(await response.text()).toContain(text);
  });

  it.each([
    "AWS 222222222222:signature",
    "AWS4-HMAC-SHA256 Credential=222222222222/s3, SignedHeaders=host, Signature=0",
  ])("need one of Signature Version 4 in full: %s", async (authorization) => {
    const { sandbox } = await openInProcess();

    const response = await sandbox.fetch(`${base}/`, { headers: { authorization } });

    expect(response.status).toBe(400);
    expect(await response.text()).toContain("AuthorizationHeaderMalformed");
  });

  it("for a service that is not there get one clear error", async () => {
    const { sandbox } = await openInProcess();

    const json = await sandbox.fetch(base, {
      method: "POST",
      headers: { ...signFor("dynamodb"), "x-amz-target": "DynamoDB_20120810.GetItem" },
      body: "{}",
    });
    const rest = await sandbox.fetch(`${base}/2015-03-31/functions`, { headers: signFor("lambda") });

    expect(json.status).toBe(404);
    expect(await json.json()).toMatchObject({
      __type: "UnknownService",
      message: expect.stringContaining('no service "dynamodb", only ecr') as string,
    });
    expect(rest.headers.get("x-amzn-errortype")).toBe("UnknownService");
  });

  it.each([
    ["ecr", { headers: { "x-amz-target": "A.NoSuchAction" }, body: "{}" }, "UnknownOperationException"],
    ["ecr", { headers: { "x-amz-target": "A.constructor" }, body: "{}" }, "UnknownOperationException"],
    ["ecr", { headers: { "x-amz-target": "A.DescribeRepositories" }, body: "[" }, "SerializationException"],
    ["ecr", { headers: { "smithy-protocol": "rpc-v2-cbor" }, body: "x" }, "rpc-v2-cbor"],
    ["sts", { body: new URLSearchParams("Action=NoSuchAction&Version=2011-06-15") }, "<Code>InvalidAction</Code>"],
    ["sts", { body: new URLSearchParams("Action=GetCallerIdentity&Version=1999-01-01") }, "<Code>InvalidAction</Code>"],
    ["sts", { body: new URLSearchParams("Version=2011-06-15") }, "<Code>MissingAction</Code>"],
    ["sts", { headers: { "smithy-protocol": "rpc-v2-cbor" }, body: "x" }, "rpc-v2-cbor"],
    ["ec2", { body: new URLSearchParams("Action=NoSuchAction&Version=2016-11-15") }, "<Code>InvalidAction</Code>"],
  ])("that %s does not understand get one clear error: %j", async (service, init: RequestInit, text) => {
    const { sandbox } = await openInProcess();

    const headers = { ...signFor(service), ...(init.headers as Record<string, string>) };
    const response = await sandbox.fetch(base, { method: "POST", ...init, headers });

    expect(response.status).toBe(400);
    expect(await response.text()).toContain(text);
  });

  it.each([
    ["GET", "/bucket?acl", 501],
    ["PUT", "/bucket/key?tagging", 501],
    ["PATCH", "/bucket/key", 405],
    ["GET", "/bucket/%E0%A4%A", 400],
    ["GET", `/bucket/${"k".repeat(1025)}`, 400],
  ])("that S3 does not understand get one clear error: %s %s", async (method, path, status) => {
    const { sandbox } = await openInProcess();

    const response = await sandbox.fetch(base + path, { method, headers: signFor("s3") });

    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(/^<\?xml.*\n<Error><Code>\w+<\/Code><Message>.+<\/Message>/);
  });

  it("with a document type in their XML are refused", async () => {
    const { sandbox } = await openInProcess();
    sandbox.account(scratch).s3.createBucket("bucket");
    const body =
      '<!DOCTYPE x [<!ENTITY e "v">]><VersioningConfiguration><Status>&e;</Status></VersioningConfiguration>';

    const headers = signFor("s3");
    const response = await sandbox.fetch(`${base}/bucket?versioning`, { method: "PUT", headers, body });

    expect(response.status).toBe(400);
    expect(await response.text()).toContain("MalformedXML");
  });

  it.each([
    ["shorter than it says", { "x-amz-decoded-content-length": "4" }, 400, "IncompleteBody"],
    ["of no known length", {}, 411, "MissingContentLength"],
    ["without the trailer it promises", { "x-amz-trailer": "x-amz-checksum-crc32" }, 400, "MalformedTrailerError"],
    ["with a checksum that does not fit", { "x-amz-checksum-crc32": "AAAAAA==" }, 400, "BadDigest"],
  ])("with a chunked body %s are refused", async (_what, extra, status, code) => {
    const { sandbox } = await openInProcess();
    sandbox.account(scratch).s3.createBucket("bucket");
    const length = code === "MissingContentLength" ? {} : { "x-amz-decoded-content-length": "3" };
    const headers = { ...signFor("s3"), "content-encoding": "aws-chunked", ...length, ...extra };

    const response = await sandbox.fetch(`${base}/bucket/key`, {
      method: "PUT",
      headers,
      body: "3\r\nabc\r\n0\r\n\r\n",
    });

    expect(response.status).toBe(status);
    expect(await response.text()).toContain(`<Code>${code}</Code>`);
    expect(sandbox.account(scratch).s3.keys("bucket")).toEqual([]);
  });

  it("reach a bucket that is named in the host", async () => {
    const { sandbox } = await openInProcess();
    const { s3 } = sandbox.account(scratch);
    s3.createBucket("my.bucket");
    s3.write("my.bucket", "a/b", "x");

    const hosts = [
      "my.bucket.localhost:4650",
      "my.bucket.s3.ap-southeast-2.amazonaws.com",
      "my.bucket.s3.amazonaws.com",
    ];
    const answers = hosts.map(async (host) => {
      const response = await sandbox.fetch(`http://${host}/a/b`, { headers: signFor("s3") });
      return response.text();
    });

    expect(await Promise.all(answers)).toEqual(["x", "x", "x"]);
  });

  it("to a path that is nobody's get 404", async () => {
    const { sandbox } = await openInProcess();

    expect((await sandbox.fetch(`${base}/_nothing/here`)).status).toBe(404);
  });
});

describe.each([
  ["in process", openInProcess],
  ["over HTTP", openOverHttp],
] as const)("presigned links, %s", (_way, open: () => Promise<Opened>) => {
  it("read one object without further credentials until they end", async () => {
    const { sandbox, clock, close } = await open();
    const { s3 } = sandbox.account(scratch);
    s3.createBucket("bucket");
    s3.write("bucket", "a b/ü", "text");
    const link = s3.presignGet("bucket", "a b/ü", 60);
    const get = link.startsWith(base) ? sandbox.fetch : fetch;

    expect(await (await get(link)).text()).toBe("text");
    expect((await get(link.replace("X-Amz-Signature", "X-Amz-Nothing"))).status).toBe(400);
    expect(clock.now()).toBe(start);
    await clock.advance(60_000);
    const late = await get(link);

    expect(late.status).toBe(403);
    expect(await late.text()).toContain("Request has expired");
    await close();
  });
});
