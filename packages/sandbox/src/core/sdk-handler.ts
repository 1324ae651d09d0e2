import { Readable } from "node:stream";
import { type HttpHandler, type HttpRequest, HttpResponse } from "@smithy/protocol-http";
import type { HttpHandlerOptions } from "@smithy/types";
import { connectionLost } from "./connection-lost.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { readBody } from "./read-body.ts";
import { abortError, untilAborted } from "./until-aborted.ts";

/** Lets an SDK client into the sandbox without a socket: `new ECRClient({ requestHandler })`. */
export function createSdkHandler(dispatcher: Dispatcher, baseUrl: () => string): HttpHandler {
  async function handle(request: HttpRequest, options: HttpHandlerOptions = {}): Promise<{ response: HttpResponse }> {
    const signal = options.abortSignal as AbortSignal | undefined;
    if (signal?.aborted === true) throw abortError();
    const body = await readBody(request.body);
    const { method, path } = request;
    const plain = { method, path, query: readQuery(request), headers: readHeaders(request, body), body };
    const exchange = await untilAborted(dispatcher.dispatch(plain, baseUrl()), signal);
    if (exchange.kind === "lost") throw connectionLost();
    const { status, headers, body: answer } = exchange.response;
    const sent = method === "HEAD" ? new Uint8Array(0) : answer;
    const length = headers["content-length"] ?? String(answer.length);
    return {
      response: new HttpResponse({
        statusCode: status,
        headers: { ...headers, "content-length": length },
        body: Readable.from([sent], { objectMode: false }),
      }),
    };
  }

  return {
    metadata: { handlerProtocol: "http/1.1" },
    handle,
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
}

function readQuery({ query = {} }: HttpRequest): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, one ?? "");
  }
  return parameters;
}

/** Names in lower case; with the length that node would send of a body that is no stream. */
function readHeaders({ headers, body, method }: HttpRequest, bytes: Uint8Array): Record<string, string> {
  const lower: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) lower[name.toLowerCase()] = value;
  const isStream = typeof body === "object" && body !== null && Symbol.asyncIterator in body;
  if (!isStream && method !== "GET" && method !== "HEAD") lower["content-length"] ??= String(bytes.length);
  return lower;
}
