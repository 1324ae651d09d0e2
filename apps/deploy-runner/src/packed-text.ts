import { deflateRawSync, inflateRawSync } from "node:zlib";

/** Text that waits, and takes as little memory as it can meanwhile. */
export interface PackedText {
  /** Of the text, in UTF-8. */
  readonly bytes: number;
  unpack(): string;
}

/** A log tells the same words over and over: it packs to a fraction. */
export function packText(text: string): PackedText {
  // A copy: zlib's own buffer is as large as what it might have become.
  const packed = Uint8Array.from(deflateRawSync(text));
  return { bytes: Buffer.byteLength(text), unpack: () => inflateRawSync(packed).toString() };
}
