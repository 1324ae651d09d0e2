import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeAwsChunked } from "./aws-chunked.ts";

function encode(chunks: readonly Uint8Array[], trailers = "", signature = ""): Buffer {
  const parts = chunks.flatMap((chunk) => [`${chunk.length.toString(16)}${signature}\r\n`, chunk, "\r\n"]);
  return Buffer.concat([...parts, `0${signature}\r\n${trailers}\r\n`].map((part) => Buffer.from(part)));
}

describe("the aws-chunked coding", () => {
  it("comes off whatever the chunks hold, signed or not", () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 5 });
    const signature = fc.constantFrom("", `;chunk-signature=${"0".repeat(64)}`);

    return fc.assert(
      fc.property(chunks, signature, (parts, signed) => {
        const { body } = decodeAwsChunked(encode(parts, "", signed));
        expect(Buffer.from(body)).toEqual(Buffer.concat(parts));
      }),
    );
  });

  it("gives the trailers behind it", () => {
    const coded = encode([Buffer.from("x")], "X-Amz-Checksum-Crc32: abc=\r\n");

    expect(decodeAwsChunked(coded).trailers).toEqual({ "x-amz-checksum-crc32": "abc=" });
  });

  it.each(["", "5\r\nabc", "zz\r\n", "3\r\nabcd\r\n0\r\n\r\n", "3\r\nabc\r\n"])("is refused when it is %j", (text) => {
    expect(() => decodeAwsChunked(Buffer.from(text))).toThrow("terminated unexpectedly");
  });
});
