import { type Area, checkMapping } from "@windlass/account-mapping";
import { windowAt } from "@windlass/deployment";
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { dailyRecurrence, windowCrons } from "../src/cron.ts";
import { readCron } from "./support/cron.ts";

const MINUTE_MS = 60_000;

function areaWith(window: object): Area {
  const areas = { a: { branch: "A", account: "222222222222", window } };
  const registry = { account: "111111111111", region: "ap-southeast-2" };
  const mapping = checkMapping({ version: 1, workload: "w", registry, areas, images: {} });
  return mapping.areas["a"] as Area;
}

/** The moments in two years at which the zone's clock reads anew, and how it goes from there. */
function offsetsOf(timezone: string): readonly { readonly from: number; readonly offsetMs: number }[] {
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.from("2026-01-01T00:00:00Z").toZonedDateTimeISO(timezone);
  const offsets = [];
  while (at !== null && at.epochMilliseconds < Date.UTC(2028, 0, 1)) {
    offsets.push({ from: at.epochMilliseconds, offsetMs: at.offsetNanoseconds / 1e6 });
    at = at.getTimeZoneTransition("next");
  }
  return offsets;
}

/** The local minute, and whether the zone's clock shows it for the second time. */
function localMinutes(timezone: string) {
  const offsets = offsetsOf(timezone);
  return (ms: number) => {
    const index = offsets.findLastIndex(({ from }) => from <= ms);
    const { from, offsetMs } = offsets[index] as (typeof offsets)[number];
    const before = offsets[index - 1]?.offsetMs ?? offsetMs;
    const local = new Date(ms + offsetMs);
    return { local, repeated: ms - from < before - offsetMs };
  };
}

interface Disagreement {
  readonly open: number;
  readonly openWithoutTick: readonly string[];
  readonly tickWhileClosed: readonly string[];
}

/** Every minute of two years. The schedule fires once at a local time that comes twice, and not at one that is skipped. */
function compare(area: Area): Disagreement {
  const fires = windowCrons(area.window).map(readCron);
  const localOf = localMinutes(area.window.timezone);
  const state = openStates(area);
  let open = 0;
  const openWithoutTick: string[] = [];
  const tickWhileClosed: string[] = [];
  for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2028, 0, 1); ms += MINUTE_MS) {
    const { local, repeated } = localOf(ms);
    const plain = { minute: local.getUTCMinutes(), hour: local.getUTCHours(), dayOfWeek: local.getUTCDay() || 7 };
    const ticks = !repeated && fires.some((firesAt) => firesAt(plain as Temporal.PlainDateTime));
    const isOpen = state(ms);
    if (isOpen) open += 1;
    if (isOpen && !ticks && !repeated) openWithoutTick.push(new Date(ms).toISOString());
    if (ticks && !isOpen) tickWhileClosed.push(new Date(ms).toISOString());
  }
  return { open, openWithoutTick, tickWhileClosed };
}

/** The planner's word, asked again where it says that it changes. */
function openStates(area: Area): (ms: number) => boolean {
  let known = { until: Number.NEGATIVE_INFINITY, open: false };
  return (ms) => {
    if (ms < known.until) return known.open;
    const window = windowAt(area, new Date(ms));
    const change = window.kind === "open" ? window.closesAt : window.opensAt;
    // Around the clock there is no change to wait for: one question a day.
    known = { until: change === null ? ms + 1440 * MINUTE_MS : Date.parse(change), open: window.kind === "open" };
    return known.open;
  };
}

describe("each minute of two years in which the planner's window is open has a tick, and no other has, but for the hour that repeats", () => {
  it.each(["Australia/Sydney", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])(
    "%s",
    (timezone) => {
      const windows = [
        { days: "MON-FRI", hours: "09:00-17:00" },
        { days: "MON-SUN", hours: "00:00-24:00" },
        // Over midnight, and over the hours in which clocks change.
        { days: "SAT-MON", hours: "22:30-06:15" },
        { days: "SUN", hours: "01:30-03:30" },
      ];
      for (const window of windows) {
        const compared = compare(areaWith({ timezone, ...window }));

        expect(compared).toMatchObject({ openWithoutTick: [], tickWhileClosed: [] });
        expect(compared.open).toBeGreaterThan(10_000);
      }
    },
  );
});

describe("the expressions of a window", () => {
  it.each([
    ["whole hours", "09:00-17:00", ["cron(* 9-16 ? * MON *)"]],
    ["one hour", "09:00-10:00", ["cron(* 9 ? * MON *)"]],
    ["a part of an hour", "09:10-09:20", ["cron(10-19 9 ? * MON *)"]],
    ["parts of two hours", "09:30-10:30", ["cron(30-59 9 ? * MON *)", "cron(0-29 10 ? * MON *)"]],
    ["a day", "00:00-24:00", ["cron(* * ? * MON *)"]],
    ["over midnight", "22:00-06:00", ["cron(* 22-23 ? * MON *)", "cron(* 0-5 ? * TUE *)"]],
    ["up to midnight", "22:00-24:00", ["cron(* 22-23 ? * MON *)"]],
  ])("are few: %s", (_, hours, expected) => {
    expect(windowCrons(areaWith({ days: "MON", hours }).window)).toEqual(expected);
  });

  it("say the minutes of any window and no others", () => {
    const minutes = fc
      .tuple(fc.nat({ max: 1439 }), fc.integer({ min: 1, max: 1440 }))
      .filter(([from, to]) => from !== to % 1440);
    fc.assert(
      fc.property(minutes, fc.integer({ min: 1, max: 7 }), ([from, to], day) => {
        const fires = windowCrons({ timezone: "UTC", days: [day], from, to }).map(readCron);
        for (let minute = 0; minute < 7 * 1440; minute += 1) {
          const dayOfWeek = Math.floor(minute / 1440) + 1;
          const at = {
            dayOfWeek,
            hour: Math.floor((minute % 1440) / 60),
            minute: minute % 60,
          } as Temporal.PlainDateTime;
          const since = (minute - (day - 1) * 1440 - from + 7 * 1440) % (7 * 1440);
          const length = from < to ? to - from : to - from + 1440;

          if (fires.some((firesAt) => firesAt(at)) !== since < length) throw new Error(`minute ${minute}`);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("of the evening are EC2 Auto Scaling's five fields", () => {
    expect(dailyRecurrence(19 * 60 + 30)).toBe("30 19 * * *");
  });
});
