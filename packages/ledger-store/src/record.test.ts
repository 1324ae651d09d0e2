import { cancelSchema } from "@windlass/deployment";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRecord, serializeRecord } from "./record.ts";

describe("a record", () => {
  it("never throws, whatever was stored", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseRecord(text, cancelSchema).kind).toBe("invalid");
      }),
    );
  });

  it("tells the first five problems and counts the others", () => {
    const parsed = parseRecord(serializeRecord({ schema: 1, a: 1 }), cancelSchema);

    expect(parsed).toMatchObject({
      kind: "invalid",
      problem: expect.stringMatching(/^deployment: .*; by: .*; reason: .*; at: .*; \(root\): /),
    });
  });

  it("says that a newer Windlass wrote it, whatever else is new in it", () => {
    expect(parseRecord('{"schema":12,"x":1}', cancelSchema)).toEqual({
      kind: "invalid",
      problem: "written by a newer Windlass: expected schema 1, found schema 12",
    });
  });

  it("is not called newer for a schema that is no number", () => {
    expect(parseRecord('{"schema":"2"}', cancelSchema)).toMatchObject({ problem: expect.stringContaining("schema: ") });
  });
});
