import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { RunnerLog } from "../ports.ts";
import { RunnerError } from "../runner-error.ts";
import type { ApplyRole } from "./apply-role.ts";
import { type CredentialsEndpoint, openCredentialsEndpoint } from "./credentials-endpoint.ts";

const HOST = "127.0.0.1";
const CREDENTIALS = {
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: "the-secret-key",
  sessionToken: "the-session-token",
  expiration: new Date("2026-11-24T10:00:00.000Z"),
};

let endpoint: CredentialsEndpoint | undefined;
const logged: string[] = [];

afterEach(async () => {
  await endpoint?.close();
  logged.length = 0;
});

async function open(credentials: ApplyRole["credentials"] = async () => CREDENTIALS) {
  const note = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: RunnerLog = { info: note, warn: note, error: note };
  const port = await freePort();
  endpoint = await openCredentialsEndpoint({ role: { arn: "arn:role", credentials }, log, host: HOST, port });
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path = "", AWS_CONTAINER_AUTHORIZATION_TOKEN: token = "" } =
    endpoint.environment;
  const ask = (change: { path?: string; token?: string | null; method?: string } = {}) => {
    const authorization = change.token === undefined ? token : change.token;
    return fetch(`http://${HOST}:${port}${change.path ?? path}`, {
      method: change.method ?? "GET",
      headers: authorization === null ? {} : { authorization },
    });
  };
  return { port, path, token, ask };
}

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, HOST, resolve));
  const address = server.address();
  await new Promise((resolve) => void server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("the credentials endpoint", () => {
  it("answers whoever has path and token as a container of Amazon ECS is answered", async () => {
    const { ask } = await open();

    const response = await ask();

    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      RoleArn: "arn:role",
      AccessKeyId: "ASIAEXAMPLE",
      SecretAccessKey: "the-secret-key",
      Token: "the-session-token",
      Expiration: "2026-11-24T10:00:00Z",
    });
  });

  it.each([
    ["another path", { path: "/" }, 404],
    ["the path of Amazon ECS", { path: "/v2/credentials/0" }, 404],
    ["a path below it", (path: string) => ({ path: `${path}/x` }), 404],
    ["the path with a query", (path: string) => ({ path: `${path}?x` }), 404],
    ["no token", { token: null }, 401],
    ["an empty token", { token: "" }, 401],
    ["a token of the right length", { token: "0".repeat(64) }, 401],
    ["a part of the token", (_: string, token: string) => ({ token: token.slice(1) }), 401],
    ["POST", { method: "POST" }, 405],
    ["HEAD", { method: "HEAD" }, 405],
  ])("gives nothing to %s", async (_, change, status) => {
    const { ask, path, token } = await open();

    const response = await ask(typeof change === "function" ? change(path, token) : change);

    expect(response.status).toBe(status);
    expect(await response.text()).not.toMatch(/the-secret-key|the-session-token|ASIAEXAMPLE/);
  });

  it("has another path and token each time", async () => {
    const first = await open();
    await endpoint?.close();
    const second = await open();

    expect(first.path).toMatch(/^\/windlass\/[0-9a-f]{32}$/);
    expect(first.token).toMatch(/^[0-9a-f]{64}$/);
    expect([second.path, second.token]).not.toEqual([first.path, first.token]);
  });

  it("sends SDKs to itself, and not to instance metadata", async () => {
    await open();

    expect(Object.keys(endpoint?.environment ?? {}).sort()).toEqual([
      "AWS_CONTAINER_AUTHORIZATION_TOKEN",
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
      "AWS_EC2_METADATA_DISABLED",
    ]);
  });

  it("asks an SDK to come again, and logs why, while the role can not be assumed", async () => {
    const { ask, token, path } = await open(() =>
      Promise.reject(new RunnerError({ code: "role-refused", message: "no", found: "AccessDenied" })),
    );

    const response = await ask();

    expect(response.status).toBe(503);
    expect(logged).toEqual([expect.stringContaining("AccessDenied")]);
    expect(logged.join("")).not.toContain(token);
    expect(logged.join("")).not.toContain(path);
  });

  it("tells the runner what must not be shown: also what it has given, before and after a renewal", async () => {
    let number = 0;
    const { ask, path, token } = await open(async () => {
      number += 1;
      return { ...CREDENTIALS, secretAccessKey: `secret-${number}`, sessionToken: `session-${number}` };
    });
    expect(endpoint?.secrets).toEqual([path, token]);

    await ask();
    expect(endpoint?.secrets).toEqual([path, token, "secret-1", "session-1"]);
    await ask();

    expect(endpoint?.secrets).toEqual([path, token, "secret-1", "session-1", "secret-2", "session-2"]);
  });

  it("logs nothing of what it gives", async () => {
    const { ask } = await open();

    await ask();
    await ask({ token: "wrong" });

    expect(logged).toEqual([]);
  });

  it("sends away whom a container opens connections for without end, and serves on", async () => {
    const { ask, port } = await open();
    const sockets = await Promise.all(Array.from({ length: 200 }, () => openSocket(port)));
    await expect.poll(() => sockets.filter(({ closed }) => closed).length).toBe(200 - 128);

    for (const socket of sockets) socket.destroy();

    await expect.poll(() => ask().then(({ status }) => status, String)).toBe(200);
  });

  it("says so where the address is taken", async () => {
    const { port } = await open();
    const role: ApplyRole = { arn: "arn:role", credentials: async () => CREDENTIALS };
    const log: RunnerLog = { info() {}, warn() {}, error() {} };

    await expect(openCredentialsEndpoint({ role, log, host: HOST, port })).rejects.toMatchObject({
      code: "credentials-endpoint-failed",
      where: `${HOST}:${port}`,
    });
  });
});

function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port }, () => resolve(socket));
    socket.on("error", () => resolve(socket));
    // Otherwise its end is not seen.
    socket.resume();
  });
}
