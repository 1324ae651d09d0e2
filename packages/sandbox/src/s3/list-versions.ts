import type { PlainResponse } from "../core/service.ts";
import { ownerId } from "./bucket-actions.ts";
import { compareKeys, sortedKeys } from "./key-listing.ts";
import { type Page, readPage } from "./list-objects.ts";
import { openBucket, type S3Call } from "./s3-call.ts";
import { invalidArgument } from "./s3-fault.ts";
import { isoSeconds, quote, xmlAnswer } from "./s3-response.ts";
import type { Bucket, Version } from "./s3-state.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
export function listObjectVersions(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  const page = readPage(call);
  const marker = readMarker(call);
  const { entries, truncated } = listVersions(bucket, page, marker);
  const last = entries.at(-1);
  const next = truncated && last !== undefined ? nextMarker(last, page) : {};
  return xmlAnswer("ListVersionsResult", {
    Name: bucket.name,
    Prefix: page.encode(page.prefix),
    KeyMarker: page.encode(marker.key),
    VersionIdMarker: marker.versionId,
    ...next,
    Delimiter: page.delimiter === "" ? undefined : page.encode(page.delimiter),
    MaxKeys: page.limit,
    EncodingType: page.encodingType,
    IsTruncated: truncated,
    Version: entries.flatMap((entry) => (entry.kind === "object" ? [describeVersion(bucket, entry, page)] : [])),
    DeleteMarker: entries.flatMap((entry) => (entry.kind === "marker" ? [describeVersion(bucket, entry, page)] : [])),
    CommonPrefixes: entries.flatMap((entry) => (entry.kind === "prefix" ? [{ Prefix: page.encode(entry.key) }] : [])),
  });
}

interface Marker {
  readonly key: string;
  /** Undefined where the key's versions are all behind. */
  readonly versionId: string | undefined;
}

type Entry = Version | { readonly kind: "prefix"; readonly key: string };

function readMarker({ request: { query } }: S3Call): Marker {
  const key = query.get("key-marker") ?? "";
  const versionId = query.get("version-id-marker") || undefined;
  if (key !== "" || versionId === undefined) return { key, versionId };
  throw invalidArgument(
    "A version-id marker cannot be specified without a key marker.",
    "version-id-marker",
    versionId,
  );
}

function listVersions(bucket: Bucket, page: Page, marker: Marker): { entries: Entry[]; truncated: boolean } {
  const entries: Entry[] = [];
  for (const entry of allEntries(bucket, page, marker)) {
    if (entries.length === page.limit) return { entries, truncated: page.limit > 0 };
    entries.push(entry);
  }
  return { entries, truncated: false };
}

/** Keys in their order, the versions of each from the newest. */
function* allEntries(bucket: Bucket, { prefix, delimiter }: Page, marker: Marker): Generator<Entry> {
  let group = "";
  for (const key of sortedKeys(bucket)) {
    if (!key.startsWith(prefix) || (group !== "" && key.startsWith(group))) continue;
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut >= 0) {
      group = key.slice(0, cut + delimiter.length);
      if (compareKeys(group, marker.key) > 0) yield { kind: "prefix", key: group };
      continue;
    }
    if (marker.key !== "" && compareKeys(key, marker.key) < 0) continue;
    yield* key === marker.key ? versionsAfter(bucket, marker) : (bucket.versions.get(key) ?? []);
  }
}

function versionsAfter(bucket: Bucket, { key, versionId }: Marker): readonly Version[] {
  if (versionId === undefined) return [];
  const versions = bucket.versions.get(key) ?? [];
  const index = versions.findIndex((version) => version.versionId === versionId);
  return versions.slice(index + 1);
}

function nextMarker(last: Entry, page: Page): Record<string, unknown> {
  const versionId = last.kind === "prefix" ? undefined : last.versionId;
  return { NextKeyMarker: page.encode(last.key), NextVersionIdMarker: versionId };
}

function describeVersion(bucket: Bucket, version: Version, page: Page): Record<string, unknown> {
  const common = {
    Key: page.encode(version.key),
    VersionId: version.versionId,
    IsLatest: bucket.versions.get(version.key)?.[0] === version,
    LastModified: isoSeconds(version.modifiedAt),
    Owner: { ID: ownerId(bucket.owner) },
  };
  if (version.kind === "marker") return common;
  const storageClass = version.headers["x-amz-storage-class"] ?? "STANDARD";
  return { ...common, ETag: quote(version.etag), Size: version.body.length, StorageClass: storageClass };
}
