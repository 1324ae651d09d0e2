import { Readable } from "node:stream";
import { ECRClient } from "@aws-sdk/client-ecr";
import { type HttpRequest, HttpResponse } from "@smithy/protocol-http";

/** What the registry answers to one call: a body with status 200, or what is given. */
export type Script = (action: string, input: Record<string, unknown>) => unknown;

export class ScriptedAnswer {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    this.status = status;
    this.body = body;
  }
}

/** The SDK's own client on answers made by hand, for what neither the sandbox nor ECR would ever say. */
export function scriptedClient(script: Script): { client: ECRClient; calls: string[] } {
  const calls: string[] = [];
  async function handle(request: HttpRequest): Promise<{ response: HttpResponse }> {
    const action = (request.headers["x-amz-target"] ?? "").split(".").at(-1) ?? "";
    calls.push(action);
    const answer = await script(action, JSON.parse(new TextDecoder().decode(request.body)));
    const { status, body } =
      answer instanceof ScriptedAnswer ? answer : new ScriptedAnswer(200, JSON.stringify(answer));
    const headers = { "content-type": "application/x-amz-json-1.1" };
    return { response: new HttpResponse({ statusCode: status, headers, body: Readable.from([Buffer.from(body)]) }) };
  }
  const client = new ECRClient({
    region: "ap-southeast-2",
    credentials: { accessKeyId: "222222222222", secretAccessKey: "secret" },
    maxAttempts: 1,
    requestHandler: {
      handle,
      metadata: { handlerProtocol: "http/1.1" },
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
    },
  });
  return { client, calls };
}

/** An error as ECR writes it. */
export function refusal(code: string, status = 400): ScriptedAnswer {
  return new ScriptedAnswer(status, JSON.stringify({ __type: code, message: `${code} in words` }));
}
