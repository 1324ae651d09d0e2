import type { PlainResponse } from "../core/service.ts";
import { checksumHeaders } from "./checksums.ts";
import { findVersion } from "./object-store.ts";
import { checkReadConditions } from "./preconditions.ts";
import { openBucket, type S3Call } from "./s3-call.ts";
import { noSuchKey, S3Fault } from "./s3-fault.ts";
import { emptyAnswer, httpDate, quote } from "./s3-response.ts";
import type { Bucket, ObjectVersion } from "./s3-state.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function getObject(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  const object = findObject(call, bucket);
  const instead = checkReadConditions(call.request.headers, object);
  if (instead !== null) return instead;
  const range = readRange(call.request.headers["range"], object.body.length);
  const headers = { ...describeObject(bucket, object), ...overrides(call.request.query) };
  if (range === null)
    return { status: 200, headers: { ...headers, ...wholeChecksums(call, object) }, body: object.body };
  const { first, last } = range;
  const contentRange = `bytes ${first}-${last}/${object.body.length}`;
  return {
    status: 206,
    headers: { ...headers, "content-range": contentRange },
    body: object.body.subarray(first, last + 1),
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export function headObject(call: S3Call): PlainResponse {
  const { status, headers, body } = getObject(call);
  return emptyAnswer(status, status === 304 ? headers : { ...headers, "content-length": String(body.length) });
}

function findObject(call: S3Call, bucket: Bucket): ObjectVersion {
  const versionId = call.request.query.get("versionId");
  if (versionId === null) return findCurrent(bucket, call.key);
  const version = findVersion(bucket, call.key, versionId);
  if (version === null) {
    const extra = { Key: call.key, VersionId: versionId };
    throw new S3Fault("NoSuchVersion", "The specified version does not exist.", { status: 404, extra });
  }
  if (version.kind === "object") return version;
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
  const headers = { "x-amz-delete-marker": "true", "last-modified": httpDate(version.modifiedAt), allow: "DELETE" };
  const message = "The specified method is not allowed against this resource.";
  throw new S3Fault("MethodNotAllowed", message, { status: 405, headers });
}

function findCurrent(bucket: Bucket, key: string): ObjectVersion {
  const newest = bucket.versions.get(key)?.[0];
  if (newest === undefined) throw noSuchKey(key);
  if (newest.kind === "object") return newest;
  throw noSuchKey(key, { "x-amz-delete-marker": "true", "x-amz-version-id": newest.versionId });
}

function describeObject(bucket: Bucket, object: ObjectVersion): Record<string, string> {
  const headers: Record<string, string> = {
    "accept-ranges": "bytes",
    etag: quote(object.etag),
    "last-modified": httpDate(object.modifiedAt),
    "x-amz-server-side-encryption": bucket.encryption,
    ...object.headers,
  };
  if (bucket.versioning !== "Off") headers["x-amz-version-id"] = object.versionId;
  for (const [name, value] of Object.entries(object.metadata)) headers[`x-amz-meta-${name}`] = value;
  return headers;
}

/** Only for the whole object: a part of it has another checksum. */
function wholeChecksums(call: S3Call, object: ObjectVersion): Record<string, string> {
  return call.request.headers["x-amz-checksum-mode"] === "ENABLED" ? checksumHeaders(object.checksums) : {};
}

/** `response-content-type` and its like, which presigned links use. */
function overrides(query: URLSearchParams): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of query) {
    const header = /^response-(content-(?:type|language|disposition|encoding)|cache-control|expires)$/.exec(name)?.[1];
    if (header !== undefined) headers[header] = value;
  }
  return headers;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Null where the whole is meant: without a range, with several of them, or with one in another unit. */
function readRange(header: string | undefined, length: number): Range | null {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (from === "" && to === "") return null;
  const first = from === "" ? Math.max(0, length - Number(to)) : Number(from);
  const last = from === "" || to === "" ? length - 1 : Math.min(Number(to), length - 1);
  if (to !== "" && from !== "" && Number(to) < Number(from)) return null;
  if (first < length && (from !== "" || Number(to) > 0)) return { first, last };
  const extra = { RangeRequested: header, ActualObjectSize: length };
  const headers = { "content-range": `bytes */${length}` };
  throw new S3Fault("InvalidRange", "The requested range is not satisfiable", { status: 416, extra, headers });
}
