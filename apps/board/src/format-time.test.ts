import { expect, it } from "vitest";
import { describeWindow } from "./describe-window.ts";
import { formatTime, formatUtc } from "./format-time.ts";

const SYDNEY = { now: new Date("2026-11-24T02:15:00.000Z"), timeZone: "Australia/Sydney" };

it.each([
  ["2026-11-23T22:05:00.000Z", "09:05"],
  ["2026-11-23T12:00:00.000Z", "23 Nov, 23:00"],
  ["2025-11-24T02:15:00.000Z", "24 Nov 2025, 13:15"],
])("says %s as short as the reader's day allows", (instant, text) => {
  expect(formatTime(instant, SYDNEY)).toBe(text);
});

it("says the same moment in UTC", () => {
  expect(formatUtc("2026-11-24T13:15:00+11:00")).toBe("2026-11-24 02:15:00 UTC");
});

it.each([
  [{ kind: "open", closesAt: null } as const, "open at all times"],
  [{ kind: "open", closesAt: "2026-11-24T17:00+11:00" } as const, "open until 17:00"],
  [{ kind: "closed", opensAt: "2026-11-25T09:00+11:00", freeze: null } as const, "closed until 25 Nov, 09:00"],
  [{ kind: "closed", opensAt: null, freeze: "sale" } as const, "frozen for more than a year: sale"],
])("says what a window is: %o", (window, text) => {
  expect(describeWindow(window, SYDNEY)).toBe(text);
});
