import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatHours, HOURS, parseHours, startsWhereItEnds } from "./hours.ts";

describe("hours", () => {
  it.each([
    ["09:00-17:00", { from: 540, to: 1020 }],
    ["22:00-06:00", { from: 1320, to: 360 }],
    ["00:00-24:00", { from: 0, to: 1440 }],
    ["22:30-00:00", { from: 1350, to: 1440 }],
    ["23:59-24:00", { from: 1439, to: 1440 }],
  ])("reads %s as %j", (text, hours) => {
    expect(text).toMatch(HOURS);
    expect(parseHours(text)).toEqual(hours);
  });

  it.each([
    "",
    "9:00-17:00",
    "09:00",
    "09-17",
    "24:00-09:00",
    "09:60-10:00",
    "09:00-25:00",
    "09:00 - 17:00",
    "24:30-01:00",
  ])("does not take %j for hours", (text) => {
    expect(text).not.toMatch(HOURS);
  });

  it.each([
    ["09:00-09:00", true],
    ["00:00-00:00", true],
    ["00:00-24:00", false],
    ["09:00-09:01", false],
  ])("says of %s whether it ends where it starts: %s", (text, same) => {
    expect(startsWhereItEnds(text)).toBe(same);
  });

  it("reads what it writes", () => {
    fc.assert(
      fc.property(fc.nat({ max: 1439 }), fc.integer({ min: 1, max: 1440 }), (from, to) => {
        expect(formatHours({ from, to })).toMatch(HOURS);
        expect(parseHours(formatHours({ from, to }))).toEqual({ from, to });
      }),
    );
  });
});
