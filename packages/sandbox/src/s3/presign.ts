import type { SandboxClock } from "../core/clock.ts";
import type { World } from "../core/world.ts";

export interface PresignedGet {
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  readonly key: string;
  /** 1 to 604,800. */
  readonly seconds: number;
}

/**
 * A link that reads one object without further credentials until it ends.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function presignGet(wanted: PresignedGet, { world, clock }: { world: World; clock: SandboxClock }): string {
  const { account, region, bucket, key, seconds } = wanted;
  const time = new Date(clock.now()).toISOString().replace(/\.\d+Z$|[:-]/g, "");
  const query = new URLSearchParams({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${account}/${time.slice(0, 8)}/${region}/s3/aws4_request`,
    "X-Amz-Date": `${time}Z`,
    "X-Amz-Expires": String(seconds),
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Signature": world.hexId(64),
  });
  return `/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}?${query}`;
}
