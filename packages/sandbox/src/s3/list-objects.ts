import type { PlainResponse } from "../core/service.ts";
import { wholeNumber } from "../core/whole-number.ts";
import { ownerId } from "./bucket-actions.ts";
import { type Listing, listKeys, sortedKeys } from "./key-listing.ts";
import { currentObject } from "./object-store.ts";
import { openBucket, type S3Call } from "./s3-call.ts";
import { invalidArgument } from "./s3-fault.ts";
import { isoSeconds, quote, xmlAnswer } from "./s3-response.ts";
import type { Bucket } from "./s3-state.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjectsV2(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  const { query } = call.request;
  const page = readPage(call);
  const token = query.get("continuation-token");
  const startAfter = query.get("start-after") ?? "";
  const after = token === null ? startAfter : readToken(token);
  const listing = listKeys(currentKeys(bucket), { ...page, after });
  const last = listing.entries.at(-1)?.key;
  return xmlAnswer(
    "ListBucketResult",
    {
      Name: bucket.name,
      Prefix: page.encode(page.prefix),
      Delimiter: page.delimiter === "" ? undefined : page.encode(page.delimiter),
      MaxKeys: page.limit,
      EncodingType: page.encodingType,
      KeyCount: listing.entries.length,
      IsTruncated: listing.truncated,
      ContinuationToken: token ?? undefined,
      NextContinuationToken: listing.truncated && last !== undefined ? makeToken(last) : undefined,
      StartAfter: startAfter === "" ? undefined : page.encode(startAfter),
      ...describe(bucket, listing, { ...page, withOwner: query.get("fetch-owner") === "true" }),
    },
    { "x-amz-bucket-region": bucket.region },
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export function listObjects(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  const page = readPage(call);
  const marker = call.request.query.get("marker") ?? "";
  const listing = listKeys(currentKeys(bucket), { ...page, after: marker });
  const last = listing.entries.at(-1)?.key;
  // Without a delimiter the last key is the next marker, and S3 does not say it again.
  const tellsNext = listing.truncated && page.delimiter !== "" && last !== undefined;
  return xmlAnswer("ListBucketResult", {
    Name: bucket.name,
    Prefix: page.encode(page.prefix),
    Marker: page.encode(marker),
    NextMarker: tellsNext ? page.encode(last) : undefined,
    Delimiter: page.delimiter === "" ? undefined : page.encode(page.delimiter),
    MaxKeys: page.limit,
    EncodingType: page.encodingType,
    IsTruncated: listing.truncated,
    ...describe(bucket, listing, { ...page, withOwner: true }),
  });
}

export interface Page {
  readonly prefix: string;
  readonly delimiter: string;
  readonly limit: number;
  readonly encodingType: "url" | undefined;
  /** Keys as the caller wants them. */
  encode(text: string): string;
}

/** What all listings ask alike. */
export function readPage({ request: { query } }: S3Call): Page {
  const text = query.get("max-keys") ?? "1000";
  const limit = text === "" ? 1000 : wholeNumber(text);
  if (!(limit <= 2_147_483_647)) {
    throw invalidArgument("Provided max-keys not an integer or within integer range", "max-keys", text);
  }
  const encoding = query.get("encoding-type");
  if (encoding !== null && encoding !== "url") {
    throw invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", encoding);
  }
  return {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    limit: Math.min(limit, 1000),
    encodingType: encoding ?? undefined,
    encode: encoding === null ? (key) => key : encodeKey,
  };
}

function describe(bucket: Bucket, { entries }: Listing, page: Page & { withOwner: boolean }): Record<string, unknown> {
  const contents: unknown[] = [];
  const prefixes: unknown[] = [];
  for (const { kind, key } of entries) {
    if (kind === "prefix") prefixes.push({ Prefix: page.encode(key) });
    else contents.push(describeKey(bucket, key, page));
  }
  return { Contents: contents, CommonPrefixes: prefixes };
}

function describeKey(bucket: Bucket, key: string, page: Page & { withOwner: boolean }): unknown {
  const object = currentObject(bucket, key);
  if (object === null) return undefined;
  return {
    Key: page.encode(key),
    LastModified: isoSeconds(object.modifiedAt),
    ETag: quote(object.etag),
    ChecksumAlgorithm: Object.keys(object.checksums).map((name) => name.toUpperCase()),
    Size: object.body.length,
    StorageClass: object.headers["x-amz-storage-class"] ?? "STANDARD",
    Owner: page.withOwner ? { ID: ownerId(bucket.owner) } : undefined,
  };
}

function currentKeys(bucket: Bucket): readonly string[] {
  return sortedKeys(bucket).filter((key) => currentObject(bucket, key) !== null);
}

// Opaque to callers; the mark tells a token from what somebody made up.
const tokenMark = "1/";

function makeToken(last: string): string {
  return Buffer.from(tokenMark + last).toString("base64url");
}

function readToken(token: string): string {
  const text = Buffer.from(token, "base64url").toString("utf8");
  if (text.startsWith(tokenMark)) return text.slice(tokenMark.length);
  throw invalidArgument("The continuation token provided is incorrect", "continuation-token", token);
}

/** As S3 encodes keys in listings: a form's encoding that leaves slashes alone. */
function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+");
}
