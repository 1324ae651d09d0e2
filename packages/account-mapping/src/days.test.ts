import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAYS, formatDays, parseDays } from "./days.ts";

describe("days", () => {
  it.each([
    ["MON-FRI", [1, 2, 3, 4, 5]],
    ["MON,WED", [1, 3]],
    ["WED, MON", [1, 3]],
    ["SAT-MON", [1, 6, 7]],
    ["SUN", [7]],
    ["MON-MON", [1]],
    ["MON-SUN", [1, 2, 3, 4, 5, 6, 7]],
    ["MON-WED,TUE-THU,SUN", [1, 2, 3, 4, 7]],
  ])("reads %s as %j", (text, days) => {
    expect(text).toMatch(DAYS);
    expect(parseDays(text)).toEqual(days);
  });

  it.each(["", "mon", "MONDAY", "MON-", "MON,", "MON;TUE", "MON-TUE-WED", "1-5", "MON FRI", "*"])(
    "does not take %j for days",
    (text) => {
      expect(text).not.toMatch(DAYS);
    },
  );

  it.each([
    [[1, 2, 3, 4, 5], "MON-FRI"],
    [[1, 2], "MON,TUE"],
    [[1, 6, 7], "MON,SAT,SUN"],
    [[1, 3, 4, 5, 7], "MON,WED-FRI,SUN"],
    [[1, 2, 3, 4, 5, 6, 7], "MON-SUN"],
  ])("writes %j as %s", (days, text) => {
    expect(formatDays(days)).toBe(text);
  });

  it("reads what it writes, for every set of days", () => {
    fc.assert(
      fc.property(fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }), (days) => {
        expect(formatDays(days)).toMatch(DAYS);
        expect(parseDays(formatDays(days))).toEqual(days);
      }),
    );
  });
});
