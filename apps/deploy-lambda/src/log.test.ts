import { describe, expect, it } from "vitest";
import { createLog } from "./log.ts";

function capture(level: Parameters<typeof createLog>[0] = "info") {
  const lines: string[] = [];
  const log = createLog(level, { write: (line: string) => void lines.push(line) });
  return { log, lines, parsed: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe("the log", () => {
  it("writes one JSON object a line, with a static message and its data in fields", () => {
    const { log, parsed } = capture();

    log.info({ area: "scratch", launched: 1 }, "tick done");

    expect(parsed()).toEqual([
      { level: "info", time: expect.stringMatching(/^\d{4}-.*Z$/), area: "scratch", launched: 1, message: "tick done" },
    ]);
  });

  it("leaves out what is below its level", () => {
    const { log, lines } = capture("warn");

    log.info("tick done");
    log.warn("commit lost");

    expect(lines).toHaveLength(1);
  });

  it.each([
    ["at the top", { secretAccessKey: "canary-1" }],
    ["one level down", { client: { sessionToken: "canary-1" } }],
    ["three levels down", { a: { b: { c: { privateKey: "canary-1" } } } }],
    ["in a whole object of credentials", { client: { credentials: { anything: "canary-1" } } }],
    ["in a header", { request: { headers: { authorization: "canary-1" } } }],
  ])("takes out a secret field %s", (_where, fields) => {
    const { log, lines } = capture();

    log.info(fields, "told");

    expect(lines.join()).not.toContain("canary-1");
    expect(lines.join()).toContain("[redacted]");
  });

  it.each([
    ["the signature of a presigned URL", "GET https://b.s3/k?X-Amz-Signature=0123456789abcdef&x=1", "0123456789abcdef"],
    ["the session of a presigned URL", "https://b.s3/k?X-Amz-Security-Token=IQoJcanary%3D", "IQoJcanary"],
    ["the signature of a header", `AWS4-HMAC-SHA256 Signature=${"ab".repeat(32)}`, "abababab"],
    ["a key id", "user of ASIAABCDEFGHIJKLMNOP is not allowed", "ASIAABCDEFGHIJKLMNOP"],
    ["an installation token", "bad credentials: ghs_123_eyJhbGciOi.J9-canary", "eyJhbGciOi"],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIcanary\n-----END RSA PRIVATE KEY-----", "MIIcanary"],
    ["half a private key", "found -----BEGIN PRIVATE KEY-----\nMIIcanary", "MIIcanary"],
  ])("takes out %s from the middle of a text", (_what, text, secret) => {
    const { log, lines, parsed } = capture();

    log.error({ error: new Error(text) }, "tick failed");

    expect(lines.join()).not.toContain(secret);
    expect(parsed()).toHaveLength(1);
  });

  it("writes of an error only what is known to be harmless, down its causes", () => {
    const { log, parsed } = capture();
    const cause = Object.assign(new Error("Access Denied"), { $response: { headers: { cookie: "canary-2" } } });
    const error = Object.assign(new Error("the ledger could not be read", { cause }), { code: "unreadable" });

    log.error({ error }, "tick failed");

    const written = parsed()[0]?.["error"];
    expect(written).toMatchObject({ name: "Error", code: "unreadable", cause: { message: "Access Denied" } });
    expect(JSON.stringify(written)).not.toContain("canary-2");
  });

  it("keeps texts without secrets as they are, and a line with secrets in every field JSON", () => {
    const { log, parsed } = capture();
    const secret = `ghs_1_${"aB3dE5fG7hJ9".repeat(4)}`;
    const json = `{"token":"${secret}","password":"hunter2"}`;

    log.info({ text: "dga-site waits for dga-network", notes: [{ message: json }, secret], deep: nest(20) }, "told");

    const [line] = parsed();
    expect(line).toMatchObject({ text: "dga-site waits for dga-network" });
    expect(JSON.stringify(line)).not.toMatch(/hunter2|aB3dE5fG7hJ9/);
  });
});

function nest(levels: number): object {
  return levels === 0 ? {} : { inner: nest(levels - 1) };
}
