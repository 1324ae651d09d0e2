import fc from "fast-check";
import { expect, it } from "vitest";
import { packText } from "./packed-text.ts";

it("gives back any text, and how long it is in UTF-8", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
      const packed = packText(text);

      expect(packed.unpack()).toBe(text);
      expect(packed.bytes).toBe(Buffer.byteLength(text));
    }),
  );
});
