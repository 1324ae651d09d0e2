import type { PlainResponse } from "../core/service.ts";
import { currentObject } from "./object-store.ts";
import type { S3Call } from "./s3-call.ts";
import { conflict, noSuchKey, notImplemented, preconditionFailed, type S3Fault } from "./s3-fault.ts";
import { emptyAnswer, httpDate, quote } from "./s3-response.ts";
import { type Bucket, type ObjectVersion, s3State } from "./s3-state.ts";

/**
 * Throws where a conditional write must not happen.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWriteConditions(call: S3Call, bucket: Bucket): void {
  const { "if-match": ifMatch, "if-none-match": ifNoneMatch } = call.request.headers;
  if (ifMatch === undefined && ifNoneMatch === undefined) return;
  if (ifMatch !== undefined && ifNoneMatch !== undefined) throw notImplemented("If-Match with If-None-Match");
  if (ifNoneMatch !== undefined && ifNoneMatch !== "*") throw notImplemented("If-None-Match other than *");
  if (takeConflict(call, bucket.owner)) throw conflict(call.key);
  const current = currentObject(bucket, call.key);
  const failure = ifMatch === undefined ? findExisting(current) : findMismatch({ current, ifMatch, key: call.key });
  const overlapped = bucket.changes.get(call.key) ?? 0;
  if (overlapped === call.changesAtArrival) {
    if (failure !== null) throw failure;
    return;
  }
  // Another write or delete came in between. Which of the two answers a loser gets is not for it to choose.
  throw failure === null || call.context.world.random() < 0.5 ? conflict(call.key) : failure;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html */
export function findDeleteFailure(bucket: Bucket, key: string, ifMatch: string | undefined): S3Fault | null {
  return ifMatch === undefined ? null : findMismatch({ current: currentObject(bucket, key), ifMatch, key });
}

/**
 * The answer that a conditional read gets in place of the object; null where it gets the object.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 */
export function checkReadConditions(
  headers: Readonly<Record<string, string>>,
  object: ObjectVersion,
  prefix = "",
): PlainResponse | null {
  const condition = (name: string): string | undefined => headers[`${prefix}${name}`];
  const ifMatch = condition("if-match");
  const ifNoneMatch = condition("if-none-match");
  const unmodifiedSince = toSeconds(condition("if-unmodified-since"));
  const modifiedSince = toSeconds(condition("if-modified-since"));
  const modified = Math.floor(object.modifiedAt / 1000);
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object)) throw preconditionFailed("If-Match");
  } else if (unmodifiedSince !== null && modified > unmodifiedSince) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, object) ? notModified(object) : null;
  return modifiedSince !== null && modified <= modifiedSince ? notModified(object) : null;
}

function findExisting(current: ObjectVersion | null): S3Fault | null {
  // A delete marker on top counts as nothing there.
  return current === null ? null : preconditionFailed("If-None-Match");
}

interface Expectation {
  readonly current: ObjectVersion | null;
  readonly ifMatch: string;
  readonly key: string;
}

function findMismatch({ current, ifMatch, key }: Expectation): S3Fault | null {
  if (current === null) return noSuchKey(key);
  return matches(ifMatch, current) ? null : preconditionFailed("If-Match");
}

/** A list of ETags, quoted or not, or `*`. */
function matches(condition: string, { etag }: ObjectVersion): boolean {
  return condition.split(",").some((part) => {
    const wanted = part.trim();
    return wanted === "*" || wanted === etag || wanted === quote(etag);
  });
}

function notModified(object: ObjectVersion): PlainResponse {
  return emptyAnswer(304, { etag: quote(object.etag), "last-modified": httpDate(object.modifiedAt) });
}

function toSeconds(date: string | undefined): number | null {
  const time = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? null : Math.floor(time / 1000);
}

function takeConflict({ context }: S3Call, owner: string): boolean {
  const { conflicts } = s3State(context.world);
  const left = conflicts.get(owner) ?? 0;
  if (left > 0) conflicts.set(owner, left - 1);
  return left > 0;
}
