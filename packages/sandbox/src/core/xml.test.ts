import * as fc from "fast-check";
import { XMLParser } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { writeElement } from "./xml.ts";

describe("XML", () => {
  it("leaves out what is not there, and writes times as ISO 8601", () => {
    const value = { a: undefined, b: null, c: 0, d: false, e: "", f: new Date(0) };

    expect(writeElement("r", value, "member")).toBe(
      "<r><c>0</c><d>false</d><e></e><f>1970-01-01T00:00:00.000Z</f></r>",
    );
  });

  it.each([
    ["member", "<r><a><member>1</member><member>2</member></a></r>"],
    ["item", "<r><a><item>1</item><item>2</item></a></r>"],
    ["repeated", "<r><a>1</a><a>2</a></r>"],
  ] as const)("writes lists the %s way", (style, text) => {
    expect(writeElement("r", { a: [1, 2] }, style)).toBe(text);
  });

  it("brings any printable text through", () => {
    const parser = new XMLParser({ parseTagValue: false, trimValues: false });
    const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((value) => !/[\ufffe\uffff]/.test(value));

    return fc.assert(
      fc.property(text, (value) => {
        expect(parser.parse(writeElement("r", value, "member"))).toEqual({ r: value });
      }),
    );
  });

  it("writes control characters as references", () => {
    expect(writeElement("r", "a\u0001\r\n\tb", "member")).toBe("<r>a&#1;&#13;\n\tb</r>");
  });
});
