import { describe, expect, it } from "vitest";
import * as z from "zod";
import { namedRecord } from "./named-record.ts";

const schema = namedRecord(z.number());

describe("values by name", () => {
  it.each(["{}", '{"a": 1}', '{"constructor": 1}'])("are kept: %s", (text) => {
    expect(schema.parse(JSON.parse(text))).toEqual(JSON.parse(text));
  });

  it.each(['{"__proto__": 1}', '{"a": "x"}', "null", "1", "[]"])("are refused rather than dropped: %s", (text) => {
    expect(schema.safeParse(JSON.parse(text)).success).toBe(false);
  });

  it("are not shown to what checks the whole, once they are refused", () => {
    const seen: unknown[] = [];
    const whole = z.strictObject({ names: schema }).superRefine(({ names }) => void seen.push(names));

    expect(whole.safeParse(JSON.parse('{"names": {"__proto__": 1}}')).success).toBe(false);
    expect(seen).toEqual([]);
  });

  it("are missed where they are not there", () => {
    expect(z.strictObject({ names: schema }).safeParse({}).success).toBe(false);
  });
});
