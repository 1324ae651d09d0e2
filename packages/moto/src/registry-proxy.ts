import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface RegistryProxy {
  readonly url: string;
  close(): Promise<void>;
}

export interface RegistryProxyOptions {
  readonly motoUrl: string;
  /** The account whose registry others may read by naming it. */
  readonly registryAccount: string;
}

/**
 * A proxy before moto which lets a caller of one account work in another account's ECR registry by its `registryId`,
 * as ECR does; moto looks in the caller's own registry, whatever `registryId` says. Permissions are not checked.
 * A call that names no registry stays in the caller's own, and everything but ECR passes untouched.
 */
export async function registryProxy(options: RegistryProxyOptions): Promise<RegistryProxy> {
  const server = createServer((incoming, answer) => {
    forward(incoming, answer, options).catch((error: unknown) => {
      if (!answer.headersSent) answer.writeHead(502);
      answer.end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

async function forward(incoming: IncomingMessage, answer: ServerResponse, options: RegistryProxyOptions) {
  const body = await readBody(incoming);
  // These belong to one connection; the body goes on in one piece.
  const { connection, expect, "transfer-encoding": encoding, ...kept } = incoming.headers;
  const headers = { ...kept, "content-length": String(body.length) };
  const swapped = namesRegistry(incoming, body, options.registryAccount)
    ? // moto prefers this header to the account of the access key.
      { ...headers, "x-moto-account-id": options.registryAccount }
    : headers;
  const target = new URL(incoming.url ?? "/", options.motoUrl);
  await new Promise<void>((resolve, reject) => {
    const outgoing = request(target, { method: incoming.method ?? "GET", headers: swapped }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer).on("finish", resolve).on("error", reject);
    });
    outgoing.on("error", reject).end(body);
  });
}

function namesRegistry(incoming: IncomingMessage, body: Buffer, registryAccount: string): boolean {
  const target = incoming.headers["x-amz-target"];
  if (typeof target !== "string" || !target.startsWith("AmazonEC2ContainerRegistry_")) return false;
  const input: unknown = JSON.parse(body.toString("utf8"));
  return typeof input === "object" && input !== null && "registryId" in input && input.registryId === registryAccount;
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function closeServer(server: ReturnType<typeof createServer>): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
