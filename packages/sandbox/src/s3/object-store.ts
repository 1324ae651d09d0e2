import { createHash } from "node:crypto";
import type { SandboxClock } from "../core/clock.ts";
import type { World } from "../core/world.ts";
import type { Bucket, DeleteMarker, ObjectContent, ObjectVersion, Version } from "./s3-state.ts";

/** What changing a bucket needs beside the bucket. */
export interface StoreContext {
  readonly world: World;
  readonly clock: SandboxClock;
}

/** The object as a read without a version finds it: null where there is none, or a delete marker is on top. */
export function currentObject(bucket: Bucket, key: string): ObjectVersion | null {
  const newest = bucket.versions.get(key)?.[0];
  return newest?.kind === "object" ? newest : null;
}

export function findVersion(bucket: Bucket, key: string, versionId: string): Version | null {
  return bucket.versions.get(key)?.find((version) => version.versionId === versionId) ?? null;
}

/** Puts the object on top. An ETag may be given, for those that are no digest of the whole. */
export function putObjectVersion(
  bucket: Bucket,
  { key, content, etag }: { key: string; content: ObjectContent; etag?: string },
  { world, clock }: StoreContext,
): ObjectVersion {
  const version: ObjectVersion = {
    ...content,
    kind: "object",
    key,
    versionId: nextVersionId(bucket, world),
    modifiedAt: clock.now(),
    etag: bucket.etags === "opaque" ? world.hexId(32) : (etag ?? md5(content.body)),
  };
  putOnTop(bucket, version);
  return version;
}

/** A delete that names no version. Null where it left nothing behind: a bucket without versioning. */
export function removeKey(bucket: Bucket, key: string, { world, clock }: StoreContext): DeleteMarker | null {
  if (bucket.versioning === "Off") {
    if (bucket.versions.delete(key)) noteChange(bucket, key);
    bucket.sortedKeys = null;
    return null;
  }
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
  const marker: DeleteMarker = {
    kind: "marker",
    key,
    versionId: nextVersionId(bucket, world),
    modifiedAt: clock.now(),
  };
  putOnTop(bucket, marker);
  return marker;
}

/** A delete that names a version, for good. Null where there was no such version. */
export function removeVersion(bucket: Bucket, key: string, versionId: string): Version | null {
  const versions = bucket.versions.get(key) ?? [];
  const found = versions.find((version) => version.versionId === versionId);
  if (found === undefined) return null;
  const left = versions.filter((version) => version !== found);
  if (left.length === 0) bucket.versions.delete(key);
  else bucket.versions.set(key, left);
  bucket.sortedKeys = null;
  noteChange(bucket, key);
  return found;
}

export function md5(...parts: readonly Uint8Array[]): string {
  const hash = createHash("md5");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

function putOnTop(bucket: Bucket, version: Version): void {
  const known = bucket.versions.get(version.key);
  if (known === undefined) bucket.sortedKeys = null;
  // At most one version is called "null": a write without versioning replaces it.
  const kept = (known ?? []).filter(({ versionId }) => versionId !== version.versionId);
  bucket.versions.set(version.key, [version, ...kept]);
  noteChange(bucket, version.key);
}

function nextVersionId(bucket: Bucket, world: World): string {
  return bucket.versioning === "Enabled" ? world.hexId(32) : "null";
}

function noteChange(bucket: Bucket, key: string): void {
  bucket.changes.set(key, (bucket.changes.get(key) ?? 0) + 1);
}
