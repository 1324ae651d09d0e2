import { describe, expect, it } from "vitest";
import { createWindowOracle } from "./window-oracle.ts";

const sydney = (hours: string, days = "MON-SUN") =>
  createWindowOracle({ window: { timezone: "Australia/Sydney", days, hours }, freezes: [] });

describe("the window, reckoned by the runtime's formatting", () => {
  it.each([
    // Daylight saving ends on 4 April 2027 at 16:00 UTC: 2:30 comes twice.
    ["01:30-03:30", "2027-04-03T15:29:00Z", true],
    ["01:30-03:30", "2027-04-03T16:45:00Z", true],
    ["01:30-03:30", "2027-04-03T17:31:00Z", false],
    // It begins on 3 October 2027 at 16:00 UTC of the day before: 2:30 does not come.
    ["02:00-03:00", "2027-10-02T15:59:00Z", false],
    ["02:00-03:00", "2027-10-02T16:01:00Z", false],
    ["22:00-06:00", "2027-06-01T15:00:00Z", true],
  ])("%s at %s: %s", (hours, at, open) => {
    expect(sydney(hours).isOpen(Date.parse(at))).toBe(open);
  });

  it("goes over midnight into a day that it does not name", () => {
    const friday = sydney("22:00-06:00", "FRI");

    expect(friday.isOpen(Date.parse("2027-06-04T15:00:00Z"))).toBe(true);
    expect(friday.isOpen(Date.parse("2027-06-03T15:00:00Z"))).toBe(false);
  });

  it("is closed on frozen days, both ends included", () => {
    const window = { timezone: "UTC", days: "MON-SUN", hours: "00:00-24:00" };
    const frozen = createWindowOracle({
      window,
      freezes: [{ from: "2027-06-01", to: "2027-06-02", reason: "a freeze" }],
    });

    expect(frozen.isOpen(Date.parse("2027-06-02T23:59:00Z"))).toBe(false);
    expect(frozen.nextOpen(Date.parse("2027-06-01T10:00:00Z"))).toBe(Date.parse("2027-06-03T00:00:00Z"));
  });

  it("knows by how much the zone is ahead", () => {
    expect(sydney("09:00-17:00").offsetAt(Date.parse("2027-06-01T00:00:00Z"))).toBe(600);
    expect(sydney("09:00-17:00").offsetAt(Date.parse("2027-12-01T00:00:00Z"))).toBe(660);
  });
});
