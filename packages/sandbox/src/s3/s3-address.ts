import { percentDecode } from "../core/percent-decode.ts";
import type { PlainRequest } from "../core/service.ts";
import { S3Fault } from "./s3-fault.ts";

export interface S3Address {
  /** Empty for the service itself. */
  readonly bucketName: string;
  /** Decoded; empty for a bucket. */
  readonly key: string;
}

/**
 * Where a request goes: `/bucket/key`, or the bucket in the host's name (`bucket.localhost`, `bucket.s3.<region>...`).
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function readAddress({ path, headers }: PlainRequest): S3Address {
  const inHost = bucketOfHost(headers["host"] ?? "");
  if (inHost !== null) return { bucketName: inHost, key: decode(path.slice(1)) };
  const slash = path.indexOf("/", 1);
  if (slash < 0) return { bucketName: decode(path.slice(1)), key: "" };
  return { bucketName: decode(path.slice(1, slash)), key: decode(path.slice(slash + 1)) };
}

function bucketOfHost(host: string): string | null {
  const name = host.replace(/:\d+$/, "");
  const match = /^(.+)\.(?:localhost|s3[.-](?:[a-z0-9.-]+\.)?amazonaws\.com(?:\.cn)?)$/.exec(name);
  return match?.[1] ?? null;
}

function decode(part: string): string {
  const text = percentDecode(part);
  if (text === null) throw new S3Fault("InvalidURI", "Couldn't parse the specified URI.");
  if (Buffer.byteLength(text) <= 1024) return text;
  throw new S3Fault("KeyTooLongError", "Your key is too long");
}
