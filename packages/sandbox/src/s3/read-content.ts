import { createHash } from "node:crypto";
import type { PlainRequest } from "../core/service.ts";
import { wholeNumber } from "../core/whole-number.ts";
import { decodeAwsChunked } from "./aws-chunked.ts";
import { verifyDigests } from "./checksums.ts";
import { invalidRequest, notImplemented, S3Fault } from "./s3-fault.ts";
import type { ObjectContent, ObjectHeaders } from "./s3-state.ts";

const keptHeaders = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
  "x-amz-storage-class",
  "x-amz-website-redirect-location",
];
const metadataPrefix = "x-amz-meta-";

/** The body that a request carries, with its digests checked. */
export type Payload = Pick<ObjectContent, "body" | "checksums">;

/** Takes off the transfer coding and verifies whatever digests came along. */
export function readPayload(request: PlainRequest): Payload {
  const { headers } = request;
  const contentHash = headers["x-amz-content-sha256"] ?? "UNSIGNED-PAYLOAD";
  const chunked = isChunked(headers["content-encoding"]) || contentHash.startsWith("STREAMING-");
  requireLength(request, chunked);
  if (!chunked) {
    verifyContentHash(contentHash, request.body);
    return { body: request.body, checksums: verifyDigests(headers, request.body) };
  }
  const { body, trailers } = decodeAwsChunked(request.body);
  const length = headers["x-amz-decoded-content-length"];
  if (length === undefined) throw missingLength();
  if (wholeNumber(length) !== body.length) throw incomplete();
  const missing = (headers["x-amz-trailer"] ?? "").split(",").find((name) => name !== "" && !(name.trim() in trailers));
  if (missing !== undefined) throw new S3Fault("MalformedTrailerError", `The trailer ${missing} is missing`);
  return { body, checksums: verifyDigests({ ...headers, ...trailers }, body) };
}

/** What a writer says about the object, checked. */
export function readObjectHeaders({ headers }: PlainRequest): ObjectHeaders {
  refuseUnsupported(headers);
  const kept: Record<string, string> = { "content-type": "binary/octet-stream" };
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (keptHeaders.includes(name)) kept[name] = value;
    if (name.startsWith(metadataPrefix)) metadata[name.slice(metadataPrefix.length)] = value;
  }
  // The coding was for the way only: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
  const codings = (kept["content-encoding"] ?? "").split(",").filter((coding) => !isChunked(coding) && coding !== "");
  delete kept["content-encoding"];
  if (codings.length > 0) kept["content-encoding"] = codings.join(",").trim();
  checkMetadataSize(metadata);
  return { headers: kept, metadata };
}

function refuseUnsupported(headers: Readonly<Record<string, string>>): void {
  // With the default object ownership: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
  const acl = headers["x-amz-acl"] ?? "bucket-owner-full-control";
  if (acl !== "bucket-owner-full-control") {
    throw new S3Fault("AccessControlListNotSupported", "The bucket does not allow ACLs");
  }
  const refused = ["x-amz-tagging", "x-amz-object-lock-mode", "x-amz-server-side-encryption-customer-algorithm"];
  const found = refused.find((name) => headers[name] !== undefined);
  if (found !== undefined) throw notImplemented(found);
  const encryption = headers["x-amz-server-side-encryption"];
  if (encryption !== undefined && encryption !== "AES256" && encryption !== "aws:kms") {
    throw invalidRequest("The encryption method specified is not supported");
  }
}

function requireLength({ headers, body }: PlainRequest, chunked: boolean): void {
  const length = headers["content-length"];
  if (length === undefined && !chunked) throw missingLength();
  if (length !== undefined && wholeNumber(length) !== body.length) throw incomplete();
}

function verifyContentHash(claimed: string, body: Uint8Array): void {
  if (!/^[0-9a-f]{64}$/.test(claimed)) return;
  if (createHash("sha256").update(body).digest("hex") === claimed) return;
  throw new S3Fault(
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}

/** 2 KB of names and values: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
function checkMetadataSize(metadata: Readonly<Record<string, string>>): void {
  const size = Object.entries(metadata).reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0);
  if (size <= 2048) return;
  throw new S3Fault("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
}

function isChunked(coding: string | undefined): boolean {
  return (coding ?? "").split(",").some((part) => part.trim() === "aws-chunked");
}

function missingLength(): S3Fault {
  return new S3Fault("MissingContentLength", "You must provide the Content-Length HTTP header.", { status: 411 });
}

function incomplete(): S3Fault {
  const message = "You did not provide the number of bytes specified by the Content-Length HTTP header";
  return new S3Fault("IncompleteBody", message);
}
