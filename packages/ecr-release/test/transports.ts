import { Readable } from "node:stream";
import { type HttpRequest, HttpResponse } from "@smithy/protocol-http";
import type { Transported } from "./open-repository.ts";

type Transport = NonNullable<Transported["transport"]>;

/** One call of ECR's, and how it goes on to the sandbox. */
export interface Call {
  /** From 1. */
  readonly nth: number;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The answer's text, once its effect is done. */
  send(): Promise<string>;
}

/** Decides each call's answer; what it throws is what the client meets. */
export function answering(answer: (call: Call) => Promise<string>): Transport {
  let calls = 0;
  return (inner) => ({
    ...inner,
    async handle(request: HttpRequest, options) {
      calls += 1;
      let status = 200;
      let headers: Record<string, string> = {};
      const sent = readText(request.body);
      const call: Call = {
        nth: calls,
        action:
          String(request.headers["x-amz-target"] ?? "")
            .split(".")
            .at(-1) ?? "",
        input: sent.startsWith("{") ? JSON.parse(sent) : {},
        async send() {
          const { response } = await inner.handle(request, options);
          status = response.statusCode;
          headers = response.headers;
          return Buffer.concat(await response.body.toArray()).toString("utf8");
        },
      };
      const text = Buffer.from(await answer(call));
      const length = { "content-length": String(text.length) };
      const body = Readable.from([text], { objectMode: false });
      return { response: new HttpResponse({ statusCode: status, headers: { ...headers, ...length }, body }) };
    },
  });
}

/** A plain view of a Uint8Array, too: the SDK hands over a subclass that guards its methods. */
function readText(body: unknown): string {
  return ArrayBuffer.isView(body)
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8")
    : String(body);
}

/** A connection that broke. */
export function lostConnection(): Error {
  return Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
}

/** Whether the call reads an area's tags. */
export function readsArea({ action, input }: Call): boolean {
  return action === "BatchGetImage" && JSON.stringify(input).includes("keep-staging-10");
}
