import type { ActionContext, AwsFault, PlainRequest, PlainResponse } from "../core/service.ts";
import type { AuthErrors, Operation, WireService } from "../core/wire-service.ts";
import { writeElement, xmlDeclaration } from "../core/xml.ts";
import { otherSubresources, type S3Action, s3Actions } from "./s3-actions.ts";
import { readAddress, type S3Address } from "./s3-address.ts";
import { countChanges, type S3Call } from "./s3-call.ts";
import { S3Fault } from "./s3-fault.ts";

/** Amazon S3, general purpose buckets, over its REST protocol. */
export function createS3Wire(): WireService {
  return {
    name: "s3",
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
    throttling: { code: "SlowDown", status: 503, message: "Please reduce your request rate." },
    authErrors,
    routes: [],
    speaks: () => true,
    open,
    encodeFault,
  };
}

function open(request: PlainRequest, context: ActionContext): Operation {
  const address = readAddress(request);
  const { name: action, run } = findAction(request, address);
  const changesAtArrival = countChanges(context, address.bucketName, address.key);
  const call: S3Call = { action, request, context, ...address, changesAtArrival };
  return { action, input: describeInput(request, address), perform: () => run(call) };
}

function findAction(request: PlainRequest, { bucketName, key }: S3Address): S3Action {
  const { method, query, headers } = request;
  const on = bucketName === "" ? "service" : key === "" ? "bucket" : "object";
  const other = [...query.keys()].find((name) => otherSubresources.has(name));
  const isRead = other !== undefined && s3Actions.some((one) => one.query === other && one.method === method);
  if (other !== undefined && !isRead) throw missingAction(`${method} ?${other}`, 501);
  const action = s3Actions.find(
    (candidate) =>
      candidate.method === method &&
      candidate.on === on &&
      (candidate.query === undefined || query.has(candidate.query)) &&
      (candidate.header === undefined || headers[candidate.header] !== undefined),
  );
  if (action !== undefined) return action;
  throw missingAction(`${method} on a ${on}`, 405);
}

function missingAction(what: string, status: number): S3Fault {
  const code = status === 501 ? "NotImplemented" : "MethodNotAllowed";
  return new S3Fault(code, `the sandbox's S3 has no ${what}`, { status });
}

function describeInput({ query }: PlainRequest, { bucketName, key }: S3Address): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, value] of query) if (!name.startsWith("X-Amz-")) input[name] = value;
  if (bucketName !== "") input["Bucket"] = bucketName;
  if (key !== "") input["Key"] = key;
  return input;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; a HEAD has no room for a body. */
function encodeFault(fault: AwsFault, { method }: PlainRequest, requestId: string): PlainResponse {
  const extraHeaders = fault instanceof S3Fault ? fault.headers : {};
  const headers = { "content-type": "application/xml", "x-amz-request-id": requestId, ...extraHeaders };
  if (method === "HEAD") return { status: fault.status, headers, body: new Uint8Array(0) };
  const members = { Code: fault.code, Message: fault.message, ...fault.extra, RequestId: requestId, HostId: "sandbox" };
  return {
    status: fault.status,
    headers,
    body: Buffer.from(xmlDeclaration + writeElement("Error", members, "repeated")),
  };
}

const authErrors: AuthErrors = {
  missing: { code: "AccessDenied", status: 403, message: "Access Denied" },
  malformed: { code: "AuthorizationHeaderMalformed", status: 400, message: "The authorization header is malformed" },
  unknownKey: {
    code: "InvalidAccessKeyId",
    status: 403,
    message: "The AWS Access Key Id you provided does not exist in our records.",
  },
  expired: { code: "ExpiredToken", status: 400, message: "The provided token has expired." },
  expiredUrl: { code: "AccessDenied", status: 403, message: "Request has expired" },
};
