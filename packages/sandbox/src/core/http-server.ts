import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Dispatcher } from "./dispatcher.ts";
import type { PlainRequest, PlainResponse } from "./service.ts";

export interface ListenOptions {
  /**
   * An address of this machine; 127.0.0.1 when not given. The sandbox checks no secrets: whoever reaches this address
   * may do anything in it.
   */
  readonly host?: string;
  /** Any free one when not given. */
  readonly port?: number;
  /** The largest body that is taken; 256 MiB when not given. */
  readonly maxBodyBytes?: number;
}

export interface Listening {
  /** `http://127.0.0.1:<port>`, or with the host that was given. */
  readonly url: string;
  /** Takes no new connections, lets the requests under way end, and resolves when the last one has. */
  close(): Promise<void>;
}

/** How requests are changed on their way in. */
export type Rewrite = (request: PlainRequest) => PlainRequest;

/** Serves the sandbox, on the loopback interface unless another host is given. */
export async function serveHttp(
  dispatcher: Dispatcher,
  options: ListenOptions = {},
  rewrite: Rewrite = (request) => request,
): Promise<Listening> {
  const limit = options.maxBodyBytes ?? 268_435_456;
  const server = createServer();
  // Keep-alive connections of SDK clients rest for a while between two calls.
  server.keepAliveTimeout = 60_000;

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readIncoming(incoming, limit);
    if (body === null) return send(outgoing, tooLarge(limit));
    const request = rewrite(toPlainRequest(incoming, body));
    const exchange = await dispatcher.dispatch(request, `http://${incoming.headers.host ?? "127.0.0.1"}`);
    if (exchange.kind === "lost") return void incoming.socket.resetAndDestroy();
    if (!server.listening) outgoing.setHeader("connection", "close");
    send(outgoing, exchange.response);
  }

  function answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
    // A client that goes away in the middle of its request leaves nobody to answer.
    serve(incoming, outgoing).catch(() => incoming.socket.destroy());
  }

  server.on("request", answer);
  server.on("checkContinue", (incoming, outgoing) => {
    if (!isTooLong(incoming, limit)) outgoing.writeContinue();
    answer(incoming, outgoing);
  });
  await listen(server, options);
  const { address, family, port } = server.address() as AddressInfo;
  const host = family === "IPv6" ? `[${address}]` : address;
  return { url: `http://${host}:${port}`, close: () => close(server) };
}

function listen(server: Server, { port = 0, host = "127.0.0.1" }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Also closes the connections that nobody uses now.
    server.close(() => resolve());
  });
}

function isTooLong({ headers }: IncomingMessage, limit: number): boolean {
  return Number(headers["content-length"] ?? 0) > limit;
}

/** Null where there is more than the limit. */
async function readIncoming(incoming: IncomingMessage, limit: number): Promise<Uint8Array | null> {
  if (isTooLong(incoming, limit)) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > limit) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function toPlainRequest(incoming: IncomingMessage, body: Uint8Array): PlainRequest {
  const url = incoming.url ?? "/";
  // Not `new URL`: it would tidy up `..` and `//`, which are parts of an S3 key like any other.
  const mark = url.indexOf("?");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return {
    method: incoming.method ?? "GET",
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1)),
    headers,
    body,
  };
}

function send(outgoing: ServerResponse, { status, headers, body }: PlainResponse): void {
  outgoing.sendDate = false;
  // The answer to a HEAD says the length of what it leaves out; node leaves the body itself out.
  const bodiless = status === 204 || status === 304;
  outgoing.writeHead(status, bodiless ? { ...headers } : { "content-length": body.length, ...headers });
  outgoing.end(bodiless ? undefined : body);
}

function tooLarge(limit: number): PlainResponse {
  const text = `<Error><Code>EntityTooLarge</Code><Message>The sandbox takes at most ${limit} bytes.</Message></Error>`;
  return { status: 413, headers: { "content-type": "application/xml", connection: "close" }, body: Buffer.from(text) };
}
