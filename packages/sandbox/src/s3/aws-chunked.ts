import { S3Fault } from "./s3-fault.ts";

export interface Unchunked {
  readonly body: Uint8Array;
  /** Trailing headers, names in lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

/**
 * Takes the `aws-chunked` coding off a body. Chunk signatures are not verified.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function decodeAwsChunked(coded: Uint8Array): Unchunked {
  const bytes = Buffer.from(coded.buffer, coded.byteOffset, coded.byteLength);
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", offset);
    if (lineEnd < 0) throw incomplete();
    const length = parseLength(bytes.toString("latin1", offset, lineEnd));
    offset = lineEnd + 2;
    if (length === 0) return { body: Buffer.concat(parts), trailers: parseTrailers(bytes.toString("utf8", offset)) };
    if (bytes.toString("latin1", offset + length, offset + length + 2) !== "\r\n") throw incomplete();
    parts.push(bytes.subarray(offset, offset + length));
    offset += length + 2;
  }
}

/** `10000` or `10000;chunk-signature=...`, in hexadecimal digits. */
function parseLength(line: string): number {
  const digits = /^[0-9a-fA-F]{1,8}(?=$|;)/.exec(line)?.[0];
  if (digits === undefined) throw incomplete();
  return Number.parseInt(digits, 16);
}

function parseTrailers(text: string): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
}

function incomplete(): S3Fault {
  return new S3Fault("IncompleteBody", "The request body terminated unexpectedly");
}
