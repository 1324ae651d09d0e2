import { AwsFault, type PlainResponse } from "./service.ts";
import type { AuthError } from "./wire-service.ts";
import { writeElement, writeMembers, xmlDeclaration } from "./xml.ts";

const encoder = new TextEncoder();

export function xmlResponse(status: number, text: string, contentType = "text/xml;charset=UTF-8"): PlainResponse {
  return { status, headers: { "content-type": contentType }, body: encoder.encode(xmlDeclaration + text) };
}

/** https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization */
export function jsonFault(fault: AwsFault): PlainResponse {
  const body = JSON.stringify({ __type: fault.code, message: fault.message, ...fault.extra });
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": fault.code };
  return { status: fault.status, headers, body: encoder.encode(body) };
}

/** https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization */
export function queryFault(fault: AwsFault, requestId: string, namespace: string | undefined): PlainResponse {
  const error = { Type: fault.senderFault ? "Sender" : "Receiver", ...members(fault) };
  const text = writeMembers({ Error: error, RequestId: requestId }, "member");
  return xmlResponse(fault.status, `<ErrorResponse${xmlns(namespace)}>${text}</ErrorResponse>`);
}

/** https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html#operation-error-serialization */
export function ec2Fault(fault: AwsFault, requestId: string): PlainResponse {
  const errors = { Error: members(fault) };
  return xmlResponse(fault.status, writeElement("Response", { Errors: errors, RequestID: requestId }, "item"));
}

export function xmlns(namespace: string | undefined): string {
  return namespace === undefined ? "" : ` xmlns="${namespace}"`;
}

export function toFault({ code, status, message }: AuthError, detail?: string): AwsFault {
  return new AwsFault(code, detail ?? message, { status });
}

/** What goes wrong inside the sandbox is a defect of it, and says so. */
export function toAwsFault(error: unknown, call: string): AwsFault {
  if (error instanceof AwsFault) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new AwsFault("InternalFailure", `defect of the sandbox in ${call}: ${text}`, { status: 500 });
}

function members(fault: AwsFault): Record<string, unknown> {
  return { Code: fault.code, Message: fault.message, ...fault.extra };
}
