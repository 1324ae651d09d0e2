import { Agent, request as httpRequest } from "node:http";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { openInProcess, scratch } from "./ways-in.ts";

const Bucket = "state";
const scope = `${scratch}/20261124/ap-southeast-2/s3/aws4_request`;
const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
  readonly continued: boolean;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly agent?: Agent;
}

function send(url: string, { method = "GET", headers = {}, body = "", agent }: Sent = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let continued = false;
    const options = { method, headers: { authorization, ...headers }, ...(agent === undefined ? {} : { agent }) };
    const outgoing = httpRequest(url, options, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      incoming.on("end", () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, continued }),
      );
    });
    outgoing.on("error", reject);
    outgoing.on("continue", () => {
      continued = true;
      outgoing.end(body);
    });
    if (headers["expect"] === undefined) outgoing.end(body);
    else outgoing.flushHeaders();
  });
}

describe("the HTTP server", () => {
  it("tells services apart at one port, and is the same world as in process", async () => {
    const { sandbox, config } = await openInProcess();
    sandbox.account(scratch).s3.createBucket(Bucket);
    const { url, close } = await sandbox.listen();

    await new S3Client(config()).send(new PutObjectCommand({ Bucket, Key: "k", Body: "written in process" }));
    const answer = await send(`${url}/${Bucket}/k`);

    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(answer).toMatchObject({ status: 200, text: "written in process" });
    expect(answer.headers["date"]).toBe("Tue, 24 Nov 2026 09:00:00 GMT");
    await close();
  });

  it("keeps a connection for the next call", async () => {
    const { sandbox } = await openInProcess();
    const { url, close } = await sandbox.listen();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });

    await send(url, { agent });
    const [socket] = Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
    await send(url, { agent });

    expect(Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])).toEqual([socket]);
    agent.destroy();
    await close();
  });

  it("answers a HEAD with the length of what it leaves out", async () => {
    const { sandbox } = await openInProcess();
    sandbox.account(scratch).s3.createBucket(Bucket);
    sandbox.account(scratch).s3.write(Bucket, "k", "0123456789");
    const { url, close } = await sandbox.listen();

    const found = await send(`${url}/${Bucket}/k`, { method: "HEAD" });
    const missing = await send(`${url}/${Bucket}/none`, { method: "HEAD" });

    expect(found).toMatchObject({ status: 200, text: "", headers: { "content-length": "10" } });
    expect(missing).toMatchObject({ status: 404, text: "" });
    await close();
  });

  it("asks a client that waits for it to go on", async () => {
    const { sandbox } = await openInProcess();
    sandbox.account(scratch).s3.createBucket(Bucket);
    const { url, close } = await sandbox.listen();

    const headers = { expect: "100-continue", "content-length": "4" };
    const answer = await send(`${url}/${Bucket}/k`, { method: "PUT", headers, body: "body" });

    expect(answer).toMatchObject({ status: 200, continued: true });
    expect(sandbox.account(scratch).s3.read(Bucket, "k")?.text).toBe("body");
    await close();
  });

  it("refuses a body beyond the limit, before it comes where the client waits", async () => {
    const { sandbox } = await openInProcess();
    sandbox.account(scratch).s3.createBucket(Bucket);
    const { url, close } = await sandbox.listen({ maxBodyBytes: 3 });
    const put = (headers: Record<string, string>) =>
      send(`${url}/${Bucket}/k`, { method: "PUT", headers, body: "body" });

    const told = await put({ expect: "100-continue", "content-length": "4" });
    const chunked = await put({ "transfer-encoding": "chunked" });

    expect(told).toMatchObject({ status: 413, continued: false });
    expect(chunked.status).toBe(413);
    expect(chunked.text).toContain("<Code>EntityTooLarge</Code>");
    expect(sandbox.account(scratch).s3.keys(Bucket)).toEqual([]);
    await close();
  });

  it("wants to know how long an object will be, as S3 does", async () => {
    const { sandbox } = await openInProcess();
    sandbox.account(scratch).s3.createBucket(Bucket);
    const { url, close } = await sandbox.listen();

    const answer = await send(`${url}/${Bucket}/k`, {
      method: "PUT",
      headers: { "transfer-encoding": "chunked" },
      body: "body",
    });

    expect(answer).toMatchObject({ status: 411 });
    await close();
  });

  it("takes a key as it is written, dots and slashes included", async () => {
    const { sandbox } = await openInProcess();
    sandbox.account(scratch).s3.createBucket(Bucket);
    const { url, close } = await sandbox.listen();
    const { hostname, port } = new URL(url);

    await new Promise<void>((resolve, reject) => {
      const path = `/${Bucket}/a//b/../c`;
      const headers = { authorization, "content-length": "1" };
      const outgoing = httpRequest({ hostname, port, path, method: "PUT", headers }, (incoming) => {
        incoming.resume().on("end", resolve);
      });
      outgoing.on("error", reject).end("x");
    });

    expect(sandbox.account(scratch).s3.keys(Bucket)).toEqual(["a//b/../c"]);
    await close();
  });

  it("ends the requests under way before it is closed, and takes no new ones", async () => {
    const { sandbox, clock } = await openInProcess();
    sandbox.account(scratch).s3.createBucket(Bucket);
    sandbox.account(scratch).s3.write(Bucket, "k", "x");
    sandbox.faults.add({ kind: "latency", ms: 1000 });
    const agent = new Agent({ keepAlive: true });
    const { url, close } = await sandbox.listen();
    const underWay = send(`${url}/${Bucket}/k`, { agent });
    while (sandbox.calls.entries.length === 0) await new Promise((resolve) => setImmediate(resolve));

    const closed = close();
    await expect(send(`${url}/${Bucket}/k`)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await clock.advance(1000);

    expect(await underWay).toMatchObject({ status: 200, text: "x", headers: { connection: "close" } });
    await closed;
    agent.destroy();
  });

  it("says so when its port is taken", async () => {
    const { sandbox } = await openInProcess();
    const { url, close } = await sandbox.listen();

    const second = sandbox.listen({ port: Number(new URL(url).port) });

    await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
    await close();
  });

  it.skipIf(process.platform !== "linux")(
    "listens where it is told to (skipped where not all of 127.0.0.0/8 is this machine's, as it is on Linux)",
    async () => {
      const { sandbox } = await openInProcess();

      const { url, close } = await sandbox.listen({ host: "127.0.0.2" });

      expect(url).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
      expect((await send(url)).status).toBe(200);
      await close();
    },
  );

  it("serves a bucket by the name of its host", async () => {
    const { sandbox } = await openInProcess();
    sandbox.account(scratch).s3.createBucket(Bucket);
    sandbox.account(scratch).s3.write(Bucket, "k", "x");
    const { url, close } = await sandbox.listen();

    const host = `${Bucket}.localhost:${new URL(url).port}`;

    expect(await send(`${url}/k`, { headers: { host } })).toMatchObject({ status: 200, text: "x" });
    await close();
  });

  it("survives clients that go away in the middle of a request", async () => {
    const { sandbox } = await openInProcess();
    sandbox.account(scratch).s3.createBucket(Bucket);
    const { url, close } = await sandbox.listen();

    await new Promise<void>((resolve) => {
      const headers = { authorization, "content-length": "100" };
      const outgoing = httpRequest(`${url}/${Bucket}/k`, { method: "PUT", headers });
      outgoing.on("error", () => resolve());
      outgoing.write("only a part", () => outgoing.destroy());
      outgoing.on("close", () => resolve());
    });

    expect(await send(`${url}/${Bucket}/k`)).toMatchObject({ status: 404 });
    await close();
  });
});

describe("reads over HTTP", () => {
  it("have no body where they must not have one", async () => {
    const { sandbox } = await openInProcess();
    sandbox.account(scratch).s3.createBucket(Bucket);
    const { url, close } = await sandbox.listen();
    const client = new S3Client({
      region: "ap-southeast-2",
      endpoint: url,
      credentials: { accessKeyId: scratch, secretAccessKey: "x" },
      maxAttempts: 1,
    });

    const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    const unchanged = client.send(new GetObjectCommand({ Bucket, Key: "k", IfNoneMatch: ETag }));
    await expect(unchanged).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: "k" }));

    expect(head.ContentLength).toBe(1);
    await close();
  });
});
