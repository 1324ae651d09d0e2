import { describe, expect, it } from "vitest";
import { openInProcess, scratch } from "./ways-in.ts";

const url = "http://sandbox.invalid/bucket/key";
const scope = `${scratch}/20261124/ap-southeast-2/s3/aws4_request`;
const headers = { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` };

async function openBucket() {
  const opened = await openInProcess();
  opened.sandbox.account(scratch).s3.createBucket("bucket");
  return opened;
}

describe("fetch", () => {
  it("sends and receives bytes as they are", async () => {
    const { sandbox } = await openBucket();
    const body = Uint8Array.from({ length: 256 }, (_, byte) => byte);

    const put = await sandbox.fetch(url, { method: "PUT", headers, body });
    const got = await sandbox.fetch(new Request(url, { headers }));

    expect(put.ok).toBe(true);
    expect(new Uint8Array(await got.arrayBuffer())).toEqual(body);
    expect(got.headers.get("content-type")).toBe("binary/octet-stream");
  });

  it("answers HEAD and empty answers without a body", async () => {
    const { sandbox } = await openBucket();
    sandbox.account(scratch).s3.write("bucket", "key", "text");

    const head = await sandbox.fetch(url, { method: "HEAD", headers });
    const unchanged = await sandbox.fetch(url, { headers: { ...headers, "if-none-match": "*" } });
    const gone = await sandbox.fetch(url, { method: "DELETE", headers });

    expect([head.status, unchanged.status, gone.status]).toEqual([200, 304, 204]);
    expect([head.body, unchanged.body, gone.body]).toEqual([null, null, null]);
    expect(head.headers.get("content-length")).toBe("4");
  });

  it("fails as fetch does when the answer is lost", async () => {
    const { sandbox } = await openBucket();
    sandbox.faults.add({ kind: "error-before", code: "ECONNRESET" });

    const lost = sandbox.fetch(url, { headers });

    await expect(lost).rejects.toMatchObject({ name: "TypeError", cause: { code: "ECONNRESET" } });
  });

  it("ends when it is aborted, before or while it waits", async () => {
    const { sandbox } = await openBucket();
    sandbox.faults.add({ kind: "latency", ms: 1000 });
    const impatience = new AbortController();

    const waiting = sandbox.fetch(url, { headers, signal: impatience.signal });
    impatience.abort();

    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    await expect(sandbox.fetch(url, { headers, signal: impatience.signal })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});
