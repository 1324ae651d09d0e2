import type { PlainResponse } from "../core/service.ts";
import {
  createBucket,
  deleteBucket,
  getBucketEncryption,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketVersioning,
} from "./bucket-actions.ts";
import { getBucketPolicy, getPublicAccessBlock } from "./bucket-settings.ts";
import { deleteObject, deleteObjects } from "./delete-actions.ts";
import { listObjects, listObjectsV2 } from "./list-objects.ts";
import { listObjectVersions } from "./list-versions.ts";
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from "./multipart.ts";
import { getObject, headObject } from "./object-read.ts";
import { copyObject, putObject } from "./object-write.ts";
import type { S3Call } from "./s3-call.ts";
import { notImplemented } from "./s3-fault.ts";

/** What tells one action from another: the method, what is addressed, and a part of the query or a header. */
export interface S3Action {
  readonly name: string;
  readonly method: string;
  readonly on: "service" | "bucket" | "object";
  /** A query parameter that must be there. */
  readonly query?: string;
  readonly header?: string;
  run(call: S3Call): PlainResponse;
}

// Of two that fit, the first one is meant. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
export const s3Actions: readonly S3Action[] = [
  { name: "ListBuckets", method: "GET", on: "service", run: listBuckets },
  { name: "GetBucketLocation", method: "GET", on: "bucket", query: "location", run: getBucketLocation },
  { name: "GetBucketVersioning", method: "GET", on: "bucket", query: "versioning", run: getBucketVersioning },
  { name: "PutBucketVersioning", method: "PUT", on: "bucket", query: "versioning", run: putBucketVersioning },
  { name: "GetBucketEncryption", method: "GET", on: "bucket", query: "encryption", run: getBucketEncryption },
  { name: "GetPublicAccessBlock", method: "GET", on: "bucket", query: "publicAccessBlock", run: getPublicAccessBlock },
  { name: "GetBucketPolicy", method: "GET", on: "bucket", query: "policy", run: getBucketPolicy },
  { name: "ListObjectVersions", method: "GET", on: "bucket", query: "versions", run: listObjectVersions },
  { name: "ListMultipartUploads", method: "GET", on: "bucket", query: "uploads", run: listMultipartUploads },
  { name: "ListObjectsV2", method: "GET", on: "bucket", query: "list-type", run: listObjectsV2 },
  { name: "ListObjects", method: "GET", on: "bucket", run: listObjects },
  { name: "DeleteObjects", method: "POST", on: "bucket", query: "delete", run: deleteObjects },
  { name: "CreateBucket", method: "PUT", on: "bucket", run: createBucket },
  { name: "HeadBucket", method: "HEAD", on: "bucket", run: headBucket },
  { name: "DeleteBucket", method: "DELETE", on: "bucket", run: deleteBucket },
  { name: "CreateMultipartUpload", method: "POST", on: "object", query: "uploads", run: createMultipartUpload },
  { name: "CompleteMultipartUpload", method: "POST", on: "object", query: "uploadId", run: completeMultipartUpload },
  { name: "AbortMultipartUpload", method: "DELETE", on: "object", query: "uploadId", run: abortMultipartUpload },
  { name: "ListParts", method: "GET", on: "object", query: "uploadId", run: listParts },
  {
    name: "UploadPartCopy",
    method: "PUT",
    on: "object",
    query: "partNumber",
    header: "x-amz-copy-source",
    run: () => {
      throw notImplemented("UploadPartCopy");
    },
  },
  { name: "UploadPart", method: "PUT", on: "object", query: "partNumber", run: uploadPart },
  { name: "CopyObject", method: "PUT", on: "object", header: "x-amz-copy-source", run: copyObject },
  { name: "PutObject", method: "PUT", on: "object", run: putObject },
  { name: "GetObject", method: "GET", on: "object", run: getObject },
  { name: "HeadObject", method: "HEAD", on: "object", run: headObject },
  { name: "DeleteObject", method: "DELETE", on: "object", run: deleteObject },
];

/** Parts of S3 that change what a path means, and that the sandbox has not: asking for one is never taken for another. */
export const otherSubresources: ReadonlySet<string> = new Set(
  "accelerate acl analytics attributes cors intelligent-tiering inventory legal-hold lifecycle logging metadataTable metrics notification object-lock ownershipControls policy policyStatus publicAccessBlock replication requestPayment restore retention select tagging torrent website".split(
    " ",
  ),
);
