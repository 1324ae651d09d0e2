import { percentDecode } from "../core/percent-decode.ts";
import type { PlainResponse } from "../core/service.ts";
import { checksumHeaders } from "./checksums.ts";
import { currentObject, findVersion, putObjectVersion } from "./object-store.ts";
import { checkReadConditions, checkWriteConditions } from "./preconditions.ts";
import { readObjectHeaders, readPayload } from "./read-content.ts";
import { isDenied, openBucket, type S3Call } from "./s3-call.ts";
import {
  accessDenied,
  invalidArgument,
  invalidRequest,
  noSuchBucket,
  noSuchKey,
  preconditionFailed,
  S3Fault,
} from "./s3-fault.ts";
import { emptyAnswer, isoSeconds, quote, xmlAnswer } from "./s3-response.ts";
import { type Bucket, type ObjectContent, type ObjectVersion, s3State } from "./s3-state.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export function putObject(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  const content = { ...readObjectHeaders(call.request), ...readPayload(call.request) };
  checkWriteConditions(call, bucket);
  const version = putObjectVersion(bucket, { key: call.key, content }, call.context);
  return emptyAnswer(200, { etag: quote(version.etag), ...writeHeaders(bucket, version) });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export function copyObject(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  const source = findSource(call);
  const { headers } = call.request;
  const refused = checkReadConditions(headers, source.object, "x-amz-copy-source-");
  if (refused !== null) throw preconditionFailed("x-amz-copy-source-If-None-Match");
  const content = copiedContent(call, bucket, source);
  checkWriteConditions(call, bucket);
  const version = putObjectVersion(bucket, { key: call.key, content }, call.context);
  const result = { LastModified: isoSeconds(version.modifiedAt), ETag: quote(version.etag) };
  const sourceVersion =
    source.bucket.versioning === "Off" ? {} : { "x-amz-copy-source-version-id": source.object.versionId };
  return xmlAnswer("CopyObjectResult", result, { ...writeHeaders(bucket, version), ...sourceVersion });
}

/** What every kind of write tells about the version it made. */
export function writeHeaders(bucket: Bucket, version: ObjectVersion): Record<string, string> {
  const versionId = bucket.versioning === "Off" ? {} : { "x-amz-version-id": version.versionId };
  return {
    "x-amz-server-side-encryption": bucket.encryption,
    ...versionId,
    ...checksumHeaders(version.checksums),
  };
}

interface CopySource {
  readonly bucket: Bucket;
  readonly object: ObjectVersion;
}

function findSource(call: S3Call): CopySource {
  const header = call.request.headers["x-amz-copy-source"] ?? "";
  const [path = "", versionId] = header.replace(/^\//, "").split("?versionId=");
  const slash = path.indexOf("/");
  const [bucketName, key] = [path.slice(0, slash), percentDecode(path.slice(slash + 1))];
  if (slash < 1 || key === "" || key === null) {
    throw invalidArgument("Copy Source must mention the source bucket and key", "x-amz-copy-source", header);
  }
  const bucket = s3State(call.context.world).buckets.get(bucketName);
  if (bucket === undefined) throw noSuchBucket(bucketName);
  if (bucket.owner !== call.context.caller.account) throw accessDenied();
  if (isDenied({ ...call, action: "GetObject" }, bucket, key)) throw accessDenied();
  const object = versionId === undefined ? currentObject(bucket, key) : findVersion(bucket, key, versionId);
  if (object?.kind === "object") return { bucket, object };
  if (versionId === undefined) throw noSuchKey(key);
  throw new S3Fault("NoSuchVersion", "The specified version does not exist.", { status: 404 });
}

function copiedContent(call: S3Call, bucket: Bucket, { bucket: from, object }: CopySource): ObjectContent {
  const replaced = call.request.headers["x-amz-metadata-directive"] === "REPLACE";
  const given = readObjectHeaders(call.request);
  if (replaced) return { ...given, body: object.body, checksums: object.checksums };
  if (from === bucket && object.key === call.key && object === currentObject(bucket, call.key)) {
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const { headers, metadata, body, checksums } = object;
  return { headers, metadata, body, checksums };
}
