import { describe, expect, it } from "vitest";
import { parseJson } from "./parse-json.ts";

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("JSON of a request", () => {
  it.each(["1", '"[[["', '{"a":["}",{"b":"\\\\"}]}', nested(100)])("is read: %s", (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it.each(["", "{", "[1e999x]", nested(101), `{"a":"\\"",${nested(101)}`, "[".repeat(100_000)])(
    "is refused where it is none, or too deep: %#",
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );
});
