import { createHash } from "node:crypto";
import { crcs } from "./crc.ts";
import { invalidRequest, S3Fault } from "./s3-fault.ts";

const algorithms: Readonly<Record<string, (body: Uint8Array) => Buffer>> = {
  ...crcs,
  sha1: (body) => createHash("sha1").update(body).digest(),
  sha256: (body) => createHash("sha256").update(body).digest(),
};

const headerPrefix = "x-amz-checksum-";

/**
 * Checks every digest that the request carries against its body, and gives the additional checksums, which are kept.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export function verifyDigests(
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): Readonly<Record<string, string>> {
  verifyContentMd5(headers["content-md5"], body);
  const checksums: Record<string, string> = {};
  for (const [algorithm, digest] of Object.entries(algorithms)) {
    const claimed = headers[`${headerPrefix}${algorithm}`];
    if (claimed === undefined) continue;
    if (claimed !== digest(body).toString("base64")) {
      const message = `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`;
      throw new S3Fault("BadDigest", message);
    }
    checksums[algorithm] = claimed;
  }
  if (headers["x-amz-sdk-checksum-algorithm"] !== undefined && Object.keys(checksums).length === 0) {
    throw invalidRequest(
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  }
  return checksums;
}

/** The headers in which checksums go back to whoever asks for them. */
export function checksumHeaders(checksums: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [algorithm, value] of Object.entries(checksums)) headers[`${headerPrefix}${algorithm}`] = value;
  return Object.keys(headers).length === 0 ? headers : { ...headers, [`${headerPrefix}type`]: "FULL_OBJECT" };
}

function verifyContentMd5(claimed: string | undefined, body: Uint8Array): void {
  if (claimed === undefined) return;
  if (Buffer.from(claimed, "base64").length !== 16) {
    throw new S3Fault("InvalidDigest", "The Content-MD5 you specified is not valid.");
  }
  if (createHash("md5").update(body).digest("base64") === claimed) return;
  throw new S3Fault("BadDigest", "The Content-MD5 you specified did not match what we received.");
}
