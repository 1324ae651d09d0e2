import { connectionLost } from "./connection-lost.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { abortError, untilAborted } from "./until-aborted.ts";

export interface FetchParts {
  readonly dispatcher: Dispatcher;
  readonly baseUrl: () => string;
  /** Where in the sandbox a host is that stands for more than AWS: a path without a slash at the end, by host. */
  readonly hosts: Readonly<Record<string, string>>;
}

/** `fetch` into the sandbox, whatever host the address names; follows no redirect. */
export function createSandboxFetch({ dispatcher, baseUrl, hosts }: FetchParts): typeof fetch {
  return async function sandboxFetch(input, init) {
    const request = new Request(input, init);
    if (request.signal.aborted) throw abortError();
    const { method, signal } = request;
    const { host, pathname, searchParams } = new URL(request.url);
    const path = `${Object.hasOwn(hosts, host) ? hosts[host] : ""}${pathname}`;
    const body = new Uint8Array(await request.arrayBuffer());
    const length = method === "GET" || method === "HEAD" ? {} : { "content-length": String(body.length) };
    const headers = { host, ...length, ...Object.fromEntries(request.headers) };
    const plain = { method, path, query: searchParams, headers, body };
    const exchange = await untilAborted(dispatcher.dispatch(plain, baseUrl()), signal);
    // As undici's fetch says it: https://undici.nodejs.org/#/docs/api/Errors
    if (exchange.kind === "lost") throw new TypeError("fetch failed", { cause: connectionLost() });
    const { response } = exchange;
    const empty = method === "HEAD" || response.status === 204 || response.status === 304;
    return new Response(empty ? null : Buffer.from(response.body), response);
  };
}
