import { describe, expect, it } from "vitest";
import { hintForTimeZone, isTimeZone, TIME_ZONE } from "./time-zone.ts";

describe("time zones", () => {
  it("knows every zone of the runtime, each in the form of a name", () => {
    const strange = Intl.supportedValuesOf("timeZone").filter((zone) => !TIME_ZONE.test(zone) || !isTimeZone(zone));

    expect(strange).toEqual([]);
  });

  it.each(["UTC", "Etc/UTC", "Australia/ACT", "US/Pacific", "Asia/Kolkata", "Asia/Calcutta", "Europe/Kyiv"])(
    "knows %s, though the runtime may list the zone under another name",
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );

  it.each(["Mars/Olympus", "Australia", "australia/sydney", "Australia/SYDNEY", "utc", ""])(
    "does not know %j",
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );

  it.each([
    ["Australia/Sidney", "Australia/Sydney"],
    ["australia/sydney", "Australia/Sydney"],
    ["Sydney", "Australia/Sydney"],
    ["Asia/Sydney", "Australia/Sydney"],
    ["America/New York", "America/New_York"],
    ["utc", "UTC"],
  ])("takes %s for %s", (name, meant) => {
    expect(hintForTimeZone(name)).toBe(`did you mean "${meant}"?`);
  });

  it("says what a name looks like where none is near", () => {
    expect(hintForTimeZone("+10:00")).toContain("Australia/Sydney or UTC");
  });
});
