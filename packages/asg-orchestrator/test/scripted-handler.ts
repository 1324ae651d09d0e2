import { Readable } from "node:stream";
import { type HttpHandler, type HttpRequest, HttpResponse } from "@smithy/protocol-http";

/** The answer to one call: XML between the response's own tags. */
export type Script = (action: string, input: URLSearchParams) => string;

export interface Scripted {
  readonly calls: string[];
  /** For any client of a query service. */
  readonly config: {
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
    readonly requestHandler: HttpHandler;
  };
}

/** Answers made by hand, for what neither the sandbox nor AWS would ever say, or only after long preparation. */
export function scripted(script: Script): Scripted {
  const calls: string[] = [];
  async function handle(request: HttpRequest): Promise<{ response: HttpResponse }> {
    const input = new URLSearchParams(String(request.body));
    const action = input.get("Action") ?? "";
    calls.push(action);
    // EC2 answers without the element that EC2 Auto Scaling puts around a result.
    const answer = script(action, input);
    const body = request.hostname.startsWith("ec2")
      ? `<${action}Response>${answer}</${action}Response>`
      : `<${action}Response><${action}Result>${answer}</${action}Result></${action}Response>`;
    const headers = { "content-type": "text/xml" };
    return { response: new HttpResponse({ statusCode: 200, headers, body: Readable.from([Buffer.from(body)]) }) };
  }
  const requestHandler: HttpHandler = {
    handle,
    metadata: { handlerProtocol: "http/1.1" },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  const credentials = { accessKeyId: "222222222222", secretAccessKey: "secret" };
  return { calls, config: { region: "ap-southeast-2", credentials, maxAttempts: 1, requestHandler } };
}
