import type { Area, DeployWindow, Freeze } from "@windlass/account-mapping";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isWindowOpen, windowAt } from "./window.ts";

const BUSINESS: DeployWindow = { timezone: "Australia/Sydney", days: [1, 2, 3, 4, 5], from: 540, to: 1020 };

function area(window: Partial<DeployWindow> = {}, freezes: readonly Freeze[] = []): Pick<Area, "window" | "freezes"> {
  return { window: { ...BUSINESS, ...window }, freezes };
}

describe("windowAt", () => {
  it("opens at the local hour and says until when", () => {
    expect(windowAt(area(), new Date("2026-11-23T22:00:00Z"))).toEqual({
      kind: "open",
      closesAt: "2026-11-24T17:00+11:00",
    });
  });

  it("is closed the minute before and names the opening in local time", () => {
    expect(windowAt(area(), new Date("2026-11-23T21:59:59Z"))).toEqual({
      kind: "closed",
      opensAt: "2026-11-24T09:00+11:00",
      freeze: null,
    });
  });

  it("is closed from its last minute on, over the weekend", () => {
    expect(windowAt(area(), new Date("2026-11-27T06:00:00Z"))).toMatchObject({ opensAt: "2026-11-30T09:00+11:00" });
  });

  it("stays closed on the days of a freeze, in the zone, last day included", () => {
    const freezes = [{ from: "2026-12-21", to: "2027-01-05", reason: "end of year" }];

    expect(windowAt(area({}, freezes), new Date("2027-01-05T05:59:00Z"))).toEqual({
      kind: "closed",
      opensAt: "2027-01-06T09:00+11:00",
      freeze: "end of year",
    });
  });

  it("says nothing of a freeze that has not begun", () => {
    const freezes = [{ from: "2026-11-25", to: "2026-11-25", reason: "audit" }];

    expect(windowAt(area({}, freezes), new Date("2026-11-24T10:00:00Z"))).toEqual({
      kind: "closed",
      opensAt: "2026-11-26T09:00+11:00",
      freeze: null,
    });
  });

  it("knows no opening where a freeze lasts for more than a year", () => {
    const freezes = [{ from: "2026-01-01", to: "2030-01-01", reason: "moratorium" }];

    expect(windowAt(area({}, freezes), new Date("2026-11-24T00:00:00Z"))).toMatchObject({ opensAt: null });
  });

  it("knows no closing where the window is always open", () => {
    const always = { days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 };

    expect(windowAt(area(always), new Date("2026-11-24T00:00:00Z"))).toEqual({ kind: "open", closesAt: null });
  });

  it("lets a night window run into the next day, which need not be one of its days", () => {
    const night = { timezone: "UTC", days: [7], from: 22 * 60, to: 6 * 60 };

    expect(windowAt(area(night), new Date("2026-11-23T05:59:00Z"))).toMatchObject({
      closesAt: "2026-11-23T06:00+00:00",
    });
    expect(windowAt(area(night), new Date("2026-11-23T06:00:00Z"))).toMatchObject({
      opensAt: "2026-11-29T22:00+00:00",
    });
    expect(windowAt(area(night), new Date("2026-11-24T05:59:00Z"))).toMatchObject({ kind: "closed" });
  });

  it("opens after the gap where daylight saving skips the opening hour", () => {
    const early = { timezone: "Europe/London", days: [7], from: 90, to: 240 };

    expect(windowAt(area(early), new Date("2027-03-28T00:00:00Z"))).toMatchObject({
      opensAt: "2027-03-28T02:00+01:00",
    });
  });

  it("finds the opening hour that a clock change skips behind another change that a freeze covers", () => {
    const early = { timezone: "Europe/London", days: [7], from: 90, to: 240 };
    const freezes = [{ from: "2026-10-01", to: "2027-03-27", reason: "moratorium" }];

    expect(windowAt(area(early, freezes), new Date("2026-10-20T00:00:00Z"))).toMatchObject({
      opensAt: "2027-03-28T02:00+01:00",
    });
  });

  it.each(["Europe/Stockholm", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu", "America/New_York"])(
    "agrees in %s with looking at the wall clock minute by minute",
    (timezone) => {
      const minute = fc.integer({ min: 0, max: 1439 });
      const starts = fc.date({
        min: new Date("2026-03-01T00:00:00Z"),
        max: new Date("2027-11-30T00:00:00Z"),
        noInvalidDate: true,
      });
      fc.assert(
        fc.property(
          starts,
          minute,
          fc.integer({ min: 1, max: 1440 }),
          fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
          (start, from, to, days) => {
            const window = { timezone, days, from, to };
            const now = new Date(Math.floor(start.getTime() / 60_000) * 60_000);
            const state = windowAt(area(window), now);
            const change = state.kind === "open" ? state.closesAt : state.opensAt;
            const steps = change === null ? 3_000 : (Date.parse(change) - now.getTime()) / 60_000;

            const wanted = state.kind === "open";
            expect(isWindowOpen(area(window), now)).toBe(wanted);
            const sampled = Array.from({ length: 40 }, (_, step) => Math.floor((step * steps) / 40));
            for (const step of sampled) {
              expect(wallClockOpen(window, new Date(now.getTime() + step * 60_000))).toBe(wanted);
            }
            if (change !== null) {
              expect(wallClockOpen(window, new Date(Date.parse(change)))).toBe(!wanted);
              expect(wallClockOpen(window, new Date(Date.parse(change) - 60_000))).toBe(wanted);
            }
          },
        ),
        { numRuns: 40 },
      );
    },
  );
});

/** The definition, by the platform's own formatting of local time. */
function wallClockOpen({ timezone, days, from, to }: DeployWindow, at: Date): boolean {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const value = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  const day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(value("weekday")) + 1;
  const minute = Number(value("hour")) * 60 + Number(value("minute"));
  if (from < to) return days.includes(day) && minute >= from && minute < to;
  return (days.includes(day) && minute >= from) || (days.includes(day === 1 ? 7 : day - 1) && minute < to);
}
