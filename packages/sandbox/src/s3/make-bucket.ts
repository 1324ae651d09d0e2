import { S3Fault } from "./s3-fault.ts";
import type { Bucket, Encryption, PublicAccess } from "./s3-state.ts";

export interface NewBucket {
  readonly name: string;
  readonly owner: string;
  readonly region: string;
  readonly versioning?: boolean;
  readonly encryption?: Encryption;
  readonly etags?: "md5" | "opaque";
  readonly publicAccess?: PublicAccess;
  readonly policy?: string;
}

/** An empty bucket. Throws `InvalidBucketName`. */
export function makeBucket(wanted: NewBucket, now: number): Bucket {
  checkName(wanted.name);
  const { name, owner, region, encryption = "AES256" } = wanted;
  return {
    name,
    owner,
    region,
    createdAt: now,
    versioning: wanted.versioning === true ? "Enabled" : "Off",
    encryption,
    // As for every new bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
    publicAccess: wanted.publicAccess ?? "blocked",
    policy: wanted.policy ?? null,
    // With KMS keys an ETag is no MD5: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
    etags: wanted.etags ?? (encryption === "aws:kms" ? "opaque" : "md5"),
    versions: new Map(),
    uploads: new Map(),
    changes: new Map(),
    sortedKeys: null,
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function checkName(name: string): void {
  const good = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..");
  if (good && !/^\d+\.\d+\.\d+\.\d+$/.test(name) && !name.startsWith("xn--")) return;
  const extra = { BucketName: name };
  throw new S3Fault("InvalidBucketName", "The specified bucket is not valid.", { extra });
}
