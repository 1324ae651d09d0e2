import type { PlainResponse } from "../core/service.ts";
import { openBucket, type S3Call } from "./s3-call.ts";
import { S3Fault } from "./s3-fault.ts";
import { xmlAnswer } from "./s3-response.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html */
export function getPublicAccessBlock(call: S3Call): PlainResponse {
  const { name, publicAccess } = openBucket(call);
  if (publicAccess === "unset") {
    const message = "The public access block configuration was not found";
    throw new S3Fault("NoSuchPublicAccessBlockConfiguration", message, { status: 404, extra: { BucketName: name } });
  }
  const blocked = String(publicAccess === "blocked");
  return xmlAnswer("PublicAccessBlockConfiguration", {
    BlockPublicAcls: blocked,
    IgnorePublicAcls: blocked,
    BlockPublicPolicy: blocked,
    RestrictPublicBuckets: blocked,
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html: the policy's own JSON. */
export function getBucketPolicy(call: S3Call): PlainResponse {
  const { name, policy } = openBucket(call);
  if (policy !== null) {
    return { status: 200, headers: { "content-type": "application/json" }, body: Buffer.from(policy) };
  }
  const extra = { BucketName: name };
  throw new S3Fault("NoSuchBucketPolicy", "The bucket policy does not exist", { status: 404, extra });
}
