import { expect, it } from "vitest";
import { ageAt, formatAge, formatDuration } from "./format-age.ts";

it.each([
  [-5, "0 s"],
  [59.9, "59 s"],
  [60, "1 min"],
  [3_599, "59 min"],
  [3_600, "1 h"],
  [172_799, "47 h"],
  [172_800, "2 d"],
])("says an age of %d seconds in one unit", (seconds, text) => {
  expect(formatAge(seconds)).toBe(text);
});

it.each([
  [0, "0 s"],
  [59, "59 s"],
  [60, "1 min"],
  [250, "4 min 10 s"],
  [7_500, "2 h 5 min"],
  [86_400, "1 d"],
  [273_600, "3 d 4 h"],
])("says a duration of %d seconds in two units at most", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

it("says nothing of the age of what never was", () => {
  expect(ageAt(null, 0)).toBe("");
  expect(ageAt("1970-01-01T00:00:00.000Z", 90_000)).toBe("1 min");
});
