import type { PlainResponse } from "../core/service.ts";
import { verifyDigests } from "./checksums.ts";
import { removeKey, removeVersion } from "./object-store.ts";
import { childrenOf, parseXml, textOf, type XmlNode } from "./parse-xml.ts";
import { findDeleteFailure } from "./preconditions.ts";
import { isDenied, openBucket, type S3Call } from "./s3-call.ts";
import { accessDenied, invalidRequest, malformedXml, type S3Fault } from "./s3-fault.ts";
import { emptyAnswer, xmlAnswer } from "./s3-response.ts";
import type { Bucket, Version } from "./s3-state.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export function deleteObject(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  const failure = findDeleteFailure(bucket, call.key, call.request.headers["if-match"]);
  if (failure !== null) throw failure;
  const versionId = call.request.query.get("versionId") ?? undefined;
  const version = remove(call, bucket, { key: call.key, versionId });
  const headers: Record<string, string> = {};
  const named = versionId ?? version?.versionId;
  if (named !== undefined && bucket.versioning !== "Off") headers["x-amz-version-id"] = named;
  if (version?.kind === "marker") headers["x-amz-delete-marker"] = "true";
  return emptyAnswer(204, headers);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export function deleteObjects(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  const { headers, body } = call.request;
  const checksums = verifyDigests(headers, body);
  if (headers["content-md5"] === undefined && Object.keys(checksums).length === 0) {
    throw invalidRequest("Missing required header for this request: Content-MD5 or a checksum");
  }
  const document = parseXml(body, "Delete");
  const targets = childrenOf(document, "Object").map(readTarget);
  if (targets.length === 0 || targets.length > 1000) throw malformedXml();
  const quiet = textOf(document, "Quiet") === "true";
  const outcomes = targets.map((target) => deleteOne(call, bucket, target));
  const deleted = outcomes.flatMap((outcome) => (outcome.kind === "deleted" ? [outcome.members] : []));
  const errors = outcomes.flatMap((outcome) => (outcome.kind === "error" ? [outcome.members] : []));
  return xmlAnswer("DeleteResult", { Deleted: quiet ? [] : deleted, Error: errors });
}

interface Target {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly etag?: string | undefined;
}

interface Outcome {
  readonly kind: "deleted" | "error";
  readonly members: Readonly<Record<string, unknown>>;
}

function readTarget(node: XmlNode): Target {
  const key = textOf(node, "Key") ?? "";
  if (key === "") throw malformedXml();
  return { key, versionId: textOf(node, "VersionId"), etag: textOf(node, "ETag") };
}

/** One failure is that key's alone. */
function deleteOne(call: S3Call, bucket: Bucket, target: Target): Outcome {
  const { key, versionId } = target;
  const failure: S3Fault | null = isDenied({ ...call, action: "DeleteObject" }, bucket, key)
    ? accessDenied()
    : findDeleteFailure(bucket, key, target.etag);
  if (failure !== null) {
    return { kind: "error", members: { Key: key, VersionId: versionId, Code: failure.code, Message: failure.message } };
  }
  const version = remove(call, bucket, target);
  const marker =
    version?.kind === "marker" ? { DeleteMarker: true, DeleteMarkerVersionId: version.versionId } : undefined;
  return { kind: "deleted", members: { Key: key, VersionId: versionId, ...marker } };
}

function remove({ context }: S3Call, bucket: Bucket, { key, versionId }: Target): Version | null {
  return versionId === undefined ? removeKey(bucket, key, context) : removeVersion(bucket, key, versionId);
}
