import { readForm } from "./form.ts";
import { parseJson } from "./parse-json.ts";
import type { Service, ThrottlingError } from "./service.ts";
import { type ActionContext, type ActionHandler, AwsFault, type PlainRequest, type PlainResponse } from "./service.ts";
import { ec2Fault, jsonFault, queryFault, xmlns, xmlResponse } from "./wire-fault.ts";
import type { AuthErrors, Operation, WireService } from "./wire-service.ts";
import { writeMembers } from "./xml.ts";

/** Gives a service the wire protocol that it names. */
export function createRpcWire(service: Service): WireService {
  const json = service.protocol === "json-1.1";
  return {
    name: service.name,
    throttling: service.throttling ?? usualThrottling[service.protocol],
    authErrors: usualAuthErrors[service.protocol],
    routes: service.routes ?? [],
    speaks: json ? looksLikeJson : looksLikeForm,
    open: (request, context) => (json ? openJson(service, request, context) : openForm(service, request, context)),
    encodeFault: (fault, _request, requestId) => encodeFault(service, fault, requestId),
  };
}

function looksLikeJson({ headers }: PlainRequest): boolean {
  return headers["x-amz-target"] !== undefined || (headers["content-type"] ?? "").includes("json");
}

/** Whether a request is one of the query protocols', for whatever service. */
export function looksLikeForm({ headers, query }: PlainRequest): boolean {
  return (headers["content-type"] ?? "").includes("x-www-form-urlencoded") || query.has("Action");
}

function openJson(service: Service, request: PlainRequest, context: ActionContext): Operation {
  const target = request.headers["x-amz-target"];
  if (target === undefined) {
    const found = request.headers["smithy-protocol"] ?? request.headers["content-type"] ?? "none";
    throw new AwsFault(
      "UnknownOperationException",
      `${service.name} speaks AWS JSON 1.1 here and needs an X-Amz-Target header; the request's protocol is ${found}`,
    );
  }
  const action = target.slice(target.lastIndexOf(".") + 1);
  const handler = findHandler(service, action);
  if (handler === undefined) {
    throw new AwsFault("UnknownOperationException", `the sandbox's ${service.name} has no action "${action}"`);
  }
  const input = readInput(request.body);
  return {
    action,
    input,
    async perform() {
      const output = (await handler(input, context)) ?? {};
      const headers = { "content-type": "application/x-amz-json-1.1" };
      return { status: 200, headers, body: Buffer.from(JSON.stringify(output)) };
    },
  };
}

function readInput(body: Uint8Array): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const value = parseJson(Buffer.from(body).toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, the same way as for JSON that is no object.
  }
  throw new AwsFault("SerializationException", "the request's body is not a JSON object");
}

function openForm(service: Service, request: PlainRequest, context: ActionContext): Operation {
  refuseOtherProtocols(service, request);
  const { action, version, input } = readForm(request);
  if (action === "") throw new AwsFault("MissingAction", "the request has no Action parameter");
  const handler = findHandler(service, action);
  if (handler === undefined || (service.version !== undefined && version !== service.version)) {
    throw new AwsFault(
      "InvalidAction",
      `the sandbox's ${service.name} has no action "${action}" in version "${version}"`,
    );
  }
  return {
    action,
    input,
    async perform() {
      const output = ((await handler(input, context)) ?? {}) as Record<string, unknown>;
      return encodeXml(service, action, { output, requestId: context.requestId });
    },
  };
}

function refuseOtherProtocols(service: Service, request: PlainRequest): void {
  const protocol = request.headers["smithy-protocol"];
  const contentType = request.headers["content-type"] ?? "";
  if (protocol === undefined && (request.method === "GET" || contentType.includes("x-www-form-urlencoded"))) return;
  throw new AwsFault(
    "InvalidAction",
    `${service.name} speaks the form-encoded query protocol here, not ${protocol ?? `content type "${contentType}"`}`,
  );
}

interface Answer {
  readonly output: Readonly<Record<string, unknown>>;
  readonly requestId: string;
}

function encodeXml(service: Service, action: string, { output, requestId }: Answer): PlainResponse {
  const root = `${action}Response`;
  const namespace = xmlns(service.xmlNamespace);
  if (service.protocol === "ec2-query") {
    const members = writeMembers({ requestId, ...output }, "item");
    return xmlResponse(200, `<${root}${namespace}>${members}</${root}>`);
  }
  const result = `<${action}Result>${writeMembers(output, "member")}</${action}Result>`;
  const metadata = writeMembers({ ResponseMetadata: { RequestId: requestId } }, "member");
  return xmlResponse(200, `<${root}${namespace}>${result}${metadata}</${root}>`);
}

function encodeFault(service: Service, fault: AwsFault, requestId: string): PlainResponse {
  switch (service.protocol) {
    case "json-1.1":
      return jsonFault(fault);
    case "query":
      return queryFault(fault, requestId, service.xmlNamespace);
    case "ec2-query":
      return ec2Fault(fault, requestId);
  }
}

function findHandler(service: Service, action: string): ActionHandler | undefined {
  return Object.hasOwn(service.actions, action) ? service.actions[action] : undefined;
}

type Protocol = Service["protocol"];

const usualThrottling: Readonly<Record<Protocol, ThrottlingError>> = {
  "json-1.1": { code: "ThrottlingException", status: 400, message: "Rate exceeded" },
  query: { code: "Throttling", status: 400, message: "Rate exceeded" },
  // https://docs.aws.amazon.com/ec2/latest/devguide/errors-overview.html
  "ec2-query": { code: "RequestLimitExceeded", status: 503, message: "Request limit exceeded." },
};

const invalidToken = "The security token included in the request is invalid.";
const expiredToken = "The security token included in the request is expired";
const validate = "AWS was not able to validate the provided access credentials";

// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html and its likes for each service
const usualAuthErrors: Readonly<Record<Protocol, AuthErrors>> = {
  "json-1.1": {
    missing: { code: "MissingAuthenticationTokenException", status: 400, message: "Missing Authentication Token" },
    malformed: { code: "IncompleteSignatureException", status: 400, message: "Incomplete signature" },
    unknownKey: { code: "UnrecognizedClientException", status: 400, message: invalidToken },
    expired: { code: "ExpiredTokenException", status: 400, message: expiredToken },
    expiredUrl: { code: "InvalidSignatureException", status: 400, message: "Signature expired" },
  },
  query: {
    missing: { code: "MissingAuthenticationToken", status: 403, message: "Request is missing Authentication Token" },
    malformed: { code: "IncompleteSignature", status: 400, message: "Incomplete signature" },
    unknownKey: { code: "InvalidClientTokenId", status: 403, message: invalidToken },
    expired: { code: "ExpiredToken", status: 403, message: expiredToken },
    expiredUrl: { code: "SignatureDoesNotMatch", status: 403, message: "Signature expired" },
  },
  "ec2-query": {
    missing: { code: "MissingAuthenticationToken", status: 403, message: "Missing Authentication Token" },
    malformed: { code: "IncompleteSignature", status: 400, message: "Incomplete signature" },
    unknownKey: { code: "AuthFailure", status: 401, message: validate },
    expired: { code: "RequestExpired", status: 400, message: "Request has expired." },
    expiredUrl: { code: "RequestExpired", status: 400, message: "Request has expired." },
  },
};
