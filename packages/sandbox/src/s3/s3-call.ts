import type { ActionContext, PlainRequest } from "../core/service.ts";
import { accessDenied, noSuchBucket, S3Fault } from "./s3-fault.ts";
import { type Bucket, s3State } from "./s3-state.ts";

/** One call, addressed and named. */
export interface S3Call {
  readonly action: string;
  readonly request: PlainRequest;
  readonly context: ActionContext;
  /** Empty for calls to the service itself. */
  readonly bucketName: string;
  /** Decoded; empty for calls to a bucket. */
  readonly key: string;
  /** The key's changes when the call arrived: more of them by now means that another call overlapped this one. */
  readonly changesAtArrival: number;
}

/** How often that key has changed so far. */
export function countChanges(context: ActionContext, bucketName: string, key: string): number {
  return s3State(context.world).buckets.get(bucketName)?.changes.get(key) ?? 0;
}

/** The call's bucket, if its caller may use it so. */
export function openBucket(call: S3Call): Bucket {
  const { context, request } = call;
  const bucket = s3State(context.world).buckets.get(call.bucketName);
  if (bucket === undefined) throw noSuchBucket(call.bucketName);
  if (call.action !== "GetBucketLocation") checkRegion(bucket, context.region);
  // Without a bucket policy another account may do nothing:
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-s3-evaluates-access-control.html
  if (bucket.owner !== context.caller.account) throw accessDenied();
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
  const expected = request.headers["x-amz-expected-bucket-owner"];
  if (expected !== undefined && expected !== bucket.owner) throw accessDenied();
  const path = call.key === "" ? (request.query.get("prefix") ?? "") : call.key;
  if (isDenied(call, bucket, path)) throw accessDenied();
  return bucket;
}

/** Whether a denial that was set for this bucket's owner speaks of this call. */
export function isDenied({ action, context }: S3Call, bucket: Bucket, path: string): boolean {
  for (const denial of s3State(context.world).denials) {
    if (denial.owner !== bucket.owner) continue;
    if (denial.role !== undefined && denial.role !== context.caller.role) continue;
    if (denial.bucket !== undefined && denial.bucket !== bucket.name) continue;
    if (denial.actions !== undefined && !denial.actions.includes(action)) continue;
    if (denial.prefix === undefined || path.startsWith(denial.prefix)) return true;
  }
  return false;
}

function checkRegion(bucket: Bucket, region: string): void {
  if (bucket.region === region) return;
  const message = `The authorization header is malformed; the region '${region}' is wrong; expecting '${bucket.region}'`;
  const headers = { "x-amz-bucket-region": bucket.region };
  throw new S3Fault("AuthorizationHeaderMalformed", message, { extra: { Region: bucket.region }, headers });
}
