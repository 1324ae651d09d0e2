import { crc32 } from "node:zlib";

/** The CRC checksums that S3 knows, big-endian: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
export const crcs: Readonly<Record<string, (body: Uint8Array) => Buffer>> = {
  crc32: (body) => words(crc32(body)),
  crc32c: (body) => words(crc32c(body)),
  crc64nvme,
};

// Castagnoli's polynomial, and that of NVM Express in two halves; both reflected.
const castagnoli = 0x82f63b78;
const nvme = { high: 0x9a6c9329, low: 0xac4bc9b5 };

const table32 = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ castagnoli : value >>> 1;
  return value;
});

const table64 = Array.from({ length: 256 }, (_, byte) => {
  let high = 0;
  let low = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    const carry = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (carry === 1) {
      high ^= nvme.high;
      low ^= nvme.low;
    }
  }
  return { high: high >>> 0, low: low >>> 0 };
});

function crc32c(body: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of body) value = (value >>> 8) ^ (table32[(value ^ byte) & 0xff] ?? 0);
  return ~value >>> 0;
}

function crc64nvme(body: Uint8Array): Buffer {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (const byte of body) {
    const entry = table64[(low ^ byte) & 0xff] ?? { high: 0, low: 0 };
    low = ((low >>> 8) | (high << 24)) ^ entry.low;
    high = (high >>> 8) ^ entry.high;
  }
  return words(~high >>> 0, ~low >>> 0);
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => {
    bytes.writeUInt32BE(value, index * 4);
  });
  return bytes;
}
