import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexLines } from "./text-lines.ts";

describe("indexLines", () => {
  it.each([
    [0, 1, 1],
    [2, 1, 3],
    [3, 2, 1],
    [5, 2, 3],
    [6, 3, 1],
    [99, 3, 1],
  ])("finds offset %i at line %i, column %i", (offset, line, column) => {
    expect(indexLines("ab\n c\n").placeAt(offset)).toEqual({ line, column, order: [line, column] });
  });

  it("gives the line around an offset, trimmed", () => {
    const lines = indexLines("ab\r\n  c d \r\nlast");

    expect([0, 6, 15].map((offset) => lines.lineAt(offset))).toEqual(["ab", "c d", "last"]);
  });

  it("never leaves the text, and comes back to the same offset", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "é", "😀") });
    fc.assert(
      fc.property(text, fc.nat({ max: 40 }), (source, offset) => {
        const { line, column } = indexLines(source).placeAt(offset);
        const before = source.split("\n").slice(0, line - 1);
        const start = before.reduce((sum, each) => sum + each.length + 1, 0);

        expect(start + column - 1).toBe(Math.min(offset, source.length));
      }),
    );
  });
});
