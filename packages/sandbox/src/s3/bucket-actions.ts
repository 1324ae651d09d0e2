import type { ActionContext, PlainResponse } from "../core/service.ts";
import { makeBucket, type NewBucket } from "./make-bucket.ts";
import { parseXml, textOf } from "./parse-xml.ts";
import { openBucket, type S3Call } from "./s3-call.ts";
import { malformedXml, S3Fault } from "./s3-fault.ts";
import { emptyAnswer, isoSeconds, xmlAnswer, xmlTextAnswer } from "./s3-response.ts";
import { type Bucket, s3State } from "./s3-state.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export function createBucket(call: S3Call): PlainResponse {
  const { context, bucketName: name } = call;
  const region = readLocation(call);
  const known = s3State(context.world).buckets.get(name);
  const bucket = { name, owner: context.caller.account, region };
  if (known === undefined) addBucket(context, bucket);
  else refuseSecond(known, bucket);
  return emptyAnswer(200, { location: `/${name}` });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export function headBucket(call: S3Call): PlainResponse {
  return emptyAnswer(200, { "x-amz-bucket-region": openBucket(call).region });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html */
export function deleteBucket(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  // Old versions and delete markers count as well.
  if (bucket.versions.size > 0) {
    const extra = { BucketName: bucket.name };
    throw new S3Fault("BucketNotEmpty", "The bucket you tried to delete is not empty", { status: 409, extra });
  }
  s3State(call.context.world).buckets.delete(bucket.name);
  return emptyAnswer(204);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export function listBuckets({ context, request }: S3Call): PlainResponse {
  const { account } = context.caller;
  const prefix = request.query.get("prefix") ?? "";
  const buckets = [...s3State(context.world).buckets.values()]
    .filter(({ owner, name }) => owner === account && name.startsWith(prefix))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .map(({ name, createdAt, region }) => ({ Name: name, CreationDate: isoSeconds(createdAt), BucketRegion: region }));
  return xmlAnswer("ListAllMyBucketsResult", { Owner: { ID: ownerId(account) }, Buckets: { Bucket: buckets } });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
export function getBucketLocation(call: S3Call): PlainResponse {
  const { region } = openBucket(call);
  return xmlTextAnswer("LocationConstraint", region === "us-east-1" ? "" : region);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html */
export function getBucketVersioning(call: S3Call): PlainResponse {
  const { versioning } = openBucket(call);
  return xmlAnswer("VersioningConfiguration", versioning === "Off" ? {} : { Status: versioning });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html */
export function putBucketVersioning(call: S3Call): PlainResponse {
  const bucket = openBucket(call);
  const status = textOf(parseXml(call.request.body, "VersioningConfiguration"), "Status");
  if (status !== "Enabled" && status !== "Suspended") throw malformedXml();
  bucket.versioning = status;
  return emptyAnswer(200);
}

/** Always on: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html */
export function getBucketEncryption(call: S3Call): PlainResponse {
  const { encryption } = openBucket(call);
  const rule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: encryption },
    BucketKeyEnabled: encryption === "aws:kms",
  };
  return xmlAnswer("ServerSideEncryptionConfiguration", { Rule: [rule] });
}

/** The canonical user id that S3 shows for an account. */
export function ownerId(account: string): string {
  return account.repeat(6).slice(0, 64);
}

/** Puts a new bucket into the world. */
export function addBucket({ world, clock }: Pick<ActionContext, "world" | "clock">, bucket: NewBucket): void {
  s3State(world).buckets.set(bucket.name, makeBucket(bucket, clock.now()));
}

function readLocation({ request, context }: S3Call): string {
  const constraint =
    request.body.length === 0
      ? undefined
      : textOf(parseXml(request.body, "CreateBucketConfiguration"), "LocationConstraint");
  if (constraint === undefined && context.region === "us-east-1") return "us-east-1";
  if (constraint === context.region && constraint !== "us-east-1") return constraint;
  if (constraint === "us-east-1") {
    throw new S3Fault("InvalidLocationConstraint", "The specified location-constraint is not valid");
  }
  const found = constraint ?? "unspecified";
  const message = `The ${found} location constraint is incompatible for the region specific endpoint this request was sent to.`;
  throw new S3Fault("IllegalLocationConstraintException", message);
}

function refuseSecond(known: Bucket, wanted: NewBucket): void {
  if (known.owner !== wanted.owner) {
    const message =
      "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.";
    throw new S3Fault("BucketAlreadyExists", message, { status: 409, extra: { BucketName: known.name } });
  }
  // us-east-1 alone takes it as done.
  if (known.region === "us-east-1" && wanted.region === "us-east-1") return;
  const message = "Your previous request to create the named bucket succeeded and you already own it.";
  throw new S3Fault("BucketAlreadyOwnedByYou", message, { status: 409, extra: { BucketName: known.name } });
}
