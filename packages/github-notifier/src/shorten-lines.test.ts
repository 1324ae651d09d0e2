import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shortenLines } from "./shorten-lines.ts";

describe("shortenLines", () => {
  it("leaves out whole lines of the middle, and says how many", () => {
    const text = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n");

    expect(shortenLines(text, 80)).toBe(
      "line 0\nline 1\nline 2\nline 3\n[93 lines are left out]\nline 97\nline 98\nline 99",
    );
    expect(shortenLines(text, text.length)).toBe(text);
  });

  it("keeps the end where the first line alone is too long, and the start where the last is", () => {
    const long = "x".repeat(100);

    expect(shortenLines(`${long}\nError: why`, 60)).toBe("[1 line is left out]\nError: why");
    expect(shortenLines(`Error: why\n${long}`, 60)).toBe("Error: why\n[1 line is left out]");
  });

  it("cuts a line that alone is too long, never within a character", () => {
    expect(shortenLines("x".repeat(50), 20)).toBe(`${"x".repeat(15)}[cut]`);
    expect(shortenLines("🚀".repeat(20), 10)).toBe("🚀🚀[cut]");
  });

  it("is never longer than it may be, keeps lines whole, and counts right", () => {
    const text = fc
      .array(fc.string({ maxLength: 60, unit: "grapheme" }), { maxLength: 80 })
      .map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 400 }), (whole, limit) => {
        const short = shortenLines(whole, limit);
        expect(short.length).toBeLessThanOrEqual(limit);
        expect(short.isWellFormed()).toBe(whole.isWellFormed());
        const [note, left = ""] = /^\[(\d+) lines? (?:is|are) left out\]$/m.exec(short) ?? [];
        if (note === undefined || whole.length <= limit) return;
        const [kept, lines] = [short.split("\n"), whole.split("\n")];
        const at = kept.indexOf(note);
        expect(kept.slice(0, at)).toEqual(lines.slice(0, at));
        expect(kept.slice(at + 1)).toEqual(lines.slice(at + Number(left)));
      }),
    );
  });
});
