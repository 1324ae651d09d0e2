import type { PlainRequest } from "./service.ts";
import { wholeNumber } from "./whole-number.ts";

/** What a request says about who signed it and for what. The signature itself is not verified. */
export type Authorization =
  | { readonly kind: "signed"; readonly credential: Credential }
  | { readonly kind: "missing" }
  | { readonly kind: "malformed"; readonly message: string };

export interface Credential {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly sessionToken: string | null;
  /** When a presigned URL ends, in milliseconds; null for a signed header. */
  readonly expiresAt: number | null;
}

/** From the header, or from the query of a presigned URL. */
export function readAuthorization(request: PlainRequest): Authorization {
  const header = request.headers["authorization"];
  if (header !== undefined) return readHeader(header, request.headers["x-amz-security-token"] ?? null);
  if (request.query.has("X-Amz-Credential")) return readPresigned(request.query);
  return { kind: "missing" };
}

function readHeader(header: string, sessionToken: string | null): Authorization {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
  if (!header.startsWith("AWS4-HMAC-SHA256 ")) {
    return malformed("the sandbox takes AWS4-HMAC-SHA256 (Signature Version 4) only");
  }
  const scope = /Credential=([^\s]+?),\s*SignedHeaders=/.exec(header)?.[1];
  if (scope === undefined)
    return malformed("Authorization header requires 'Credential' and 'SignedHeaders' parameters.");
  if (!/Signature=\S+/.test(header)) return malformed("Authorization header requires 'Signature' parameter.");
  return readScope(scope, sessionToken, null);
}

function readPresigned(query: URLSearchParams): Authorization {
  const signedAt = parseBasicDate(query.get("X-Amz-Date") ?? "");
  // Five minutes for services other than S3, whose presigned URLs say how long they live.
  const lifetime = wholeNumber(query.get("X-Amz-Expires") ?? "300");
  if (signedAt === null || !(lifetime >= 1 && lifetime <= 604_800)) {
    return malformed("X-Amz-Date must be a date and X-Amz-Expires between 1 and 604800 seconds");
  }
  if (!query.has("X-Amz-Signature")) return malformed("X-Amz-Signature is missing");
  const scope = query.get("X-Amz-Credential") ?? "";
  return readScope(scope, query.get("X-Amz-Security-Token"), signedAt + lifetime * 1000);
}

function readScope(scope: string, sessionToken: string | null, expiresAt: number | null): Authorization {
  const [accessKeyId = "", date = "", region = "", service = "", end, ...rest] = scope.split("/");
  const complete = accessKeyId !== "" && /^\d{8}$/.test(date) && region !== "" && service !== "";
  if (!complete || end !== "aws4_request" || rest.length > 0) {
    return malformed(`the credential scope must be <key>/<date>/<region>/<service>/aws4_request, not "${scope}"`);
  }
  return { kind: "signed", credential: { accessKeyId, region, service, sessionToken, expiresAt } };
}

function malformed(message: string): Authorization {
  return { kind: "malformed", message };
}

/** `20261124T090000Z` as milliseconds; null for anything else. */
function parseBasicDate(text: string): number | null {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? null : time;
}
