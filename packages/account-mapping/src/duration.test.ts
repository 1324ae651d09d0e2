import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DURATION, durationSeconds, formatDuration } from "./duration.ts";

describe("durations", () => {
  it.each([
    ["45m", 2700],
    ["2h", 7200],
    ["1h30m", 5400],
    ["90s", 90],
    ["1h0m1s", 3601],
    ["0s", 0],
    ["120m", 7200],
  ])("reads %s as %i seconds", (text, seconds) => {
    expect(text).toMatch(DURATION);
    expect(durationSeconds(text)).toBe(seconds);
  });

  it.each(["", "45", "m", "45 m", "30m1h", "1h1h", "1.5h", "-1h", "1d", "PT1H", "1H", "45m\n", "1234567s"])(
    "does not take %j for a duration",
    (text) => {
      expect(text).not.toMatch(DURATION);
    },
  );

  it.each([
    [0, "0s"],
    [90, "1m30s"],
    [3600, "1h"],
    [5401, "1h30m1s"],
  ])("writes %i seconds as %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it("reads what it writes", () => {
    fc.assert(
      fc.property(fc.nat(), (seconds) => {
        expect(formatDuration(seconds)).toMatch(DURATION);
        expect(durationSeconds(formatDuration(seconds))).toBe(seconds);
      }),
    );
  });
});
