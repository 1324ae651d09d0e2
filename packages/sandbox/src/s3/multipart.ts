import type { PlainResponse } from "../core/service.ts";
import { wholeNumber } from "../core/whole-number.ts";
import { checksumHeaders } from "./checksums.ts";
import { md5, putObjectVersion } from "./object-store.ts";
import { writeHeaders } from "./object-write.ts";
import { childrenOf, parseXml, textOf } from "./parse-xml.ts";
import { checkWriteConditions } from "./preconditions.ts";
import { readObjectHeaders, readPayload } from "./read-content.ts";
import { openBucket, type S3Call } from "./s3-call.ts";
import { invalidArgument, malformedXml, noSuchUpload, S3Fault } from "./s3-fault.ts";
import { emptyAnswer, isoSeconds, quote, xmlAnswer } from "./s3-response.ts";
import type { Bucket, Part, Upload } from "./s3-state.ts";

const smallestPart = 5 * 1024 * 1024;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export function createMultipartUpload(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  const { world, clock } = call.context;
  const id = world.hexId(64);
  const headers = readObjectHeaders(call.request);
  bucket.uploads.set(id, { ...headers, id, key: call.key, startedAt: clock.now(), parts: new Map() });
  return xmlAnswer("InitiateMultipartUploadResult", { Bucket: bucket.name, Key: call.key, UploadId: id });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export function uploadPart(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  const upload = findUpload(call, bucket);
  const text = call.request.query.get("partNumber") ?? "";
  const number = wholeNumber(text);
  if (!(number >= 1 && number <= 10_000)) {
    throw invalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text);
  }
  const { body, checksums } = readPayload(call.request);
  const etag = bucket.etags === "opaque" ? call.context.world.hexId(32) : md5(body);
  upload.parts.set(number, { body, etag, modifiedAt: call.context.clock.now() });
  return emptyAnswer(200, { etag: quote(etag), ...checksumHeaders(checksums) });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export function completeMultipartUpload(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  const upload = findUpload(call, bucket);
  const parts = readParts(call, upload);
  checkWriteConditions(call, bucket);
  const { headers, metadata } = upload;
  const content = { headers, metadata, body: Buffer.concat(parts.map(({ body }) => body)), checksums: {} };
  const etag = `${md5(...parts.map((part) => Buffer.from(part.etag, "hex")))}-${parts.length}`;
  const version = putObjectVersion(bucket, { key: call.key, content, etag }, call.context);
  bucket.uploads.delete(upload.id);
  const location = `${call.context.baseUrl}/${bucket.name}/${call.key}`;
  const result = { Location: location, Bucket: bucket.name, Key: call.key, ETag: quote(version.etag) };
  return xmlAnswer("CompleteMultipartUploadResult", result, writeHeaders(bucket, version));
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export function abortMultipartUpload(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  bucket.uploads.delete(findUpload(call, bucket).id);
  return emptyAnswer(204);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html; all parts on one page */
export function listParts(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  const upload = findUpload(call, bucket);
  const parts = [...upload.parts]
    .sort(([left], [right]) => left - right)
    .map(([number, part]) => ({
      PartNumber: number,
      LastModified: isoSeconds(part.modifiedAt),
      ETag: quote(part.etag),
      Size: part.body.length,
    }));
  const place = { Bucket: bucket.name, Key: upload.key, UploadId: upload.id };
  return xmlAnswer("ListPartsResult", { ...place, MaxParts: 10_000, IsTruncated: false, Part: parts });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html; all uploads on one page */
export function listMultipartUploads(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  const prefix = call.request.query.get("prefix") ?? "";
  const uploads = [...bucket.uploads.values()]
    .filter(({ key }) => key.startsWith(prefix))
    .map(({ key, id, startedAt }) => ({ Key: key, UploadId: id, Initiated: isoSeconds(startedAt) }));
  const listing = { Bucket: bucket.name, Prefix: prefix, MaxUploads: 1000, IsTruncated: false, Upload: uploads };
  return xmlAnswer("ListMultipartUploadsResult", listing);
}

function findUpload(call: S3Call, bucket: Bucket): Upload {
  const id = call.request.query.get("uploadId") ?? "";
  const upload = bucket.uploads.get(id);
  if (upload === undefined || upload.key !== call.key) throw noSuchUpload(id);
  return upload;
}

function readParts(call: S3Call, upload: Upload): readonly Part[] {
  const named = childrenOf(parseXml(call.request.body, "CompleteMultipartUpload"), "Part").map((node) => ({
    number: wholeNumber(textOf(node, "PartNumber") ?? ""),
    etag: (textOf(node, "ETag") ?? "").replaceAll('"', ""),
  }));
  if (named.length === 0) throw malformedXml();
  named.forEach(({ number }, index) => {
    const before = named[index - 1]?.number ?? 0;
    if (!(number > before)) {
      throw new S3Fault("InvalidPartOrder", "The list of parts was not in ascending order.");
    }
  });
  return named.map(({ number, etag }, index) => {
    const part = upload.parts.get(number);
    if (part === undefined || part.etag !== etag) throw invalidPart(number);
    const last = index === named.length - 1;
    if (!last && part.body.length < smallestPart) throw tooSmall(number, part);
    return part;
  });
}

function invalidPart(number: number): S3Fault {
  const message =
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
  return new S3Fault("InvalidPart", message, { extra: { PartNumber: number } });
}

function tooSmall(number: number, { body }: Part): S3Fault {
  const extra = { PartNumber: number, ProposedSize: body.length, MinSizeAllowed: smallestPart };
  return new S3Fault("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", { extra });
}
