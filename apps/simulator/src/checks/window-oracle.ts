import type { Scenario } from "../core/scenario.ts";

const DAY_NAMES = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"] as const;

/** Whether the window is open, reckoned in another way than the product does: by the runtime's own formatting. */
export interface WindowOracle {
  isOpen(ms: number): boolean;
  /** The next minute at which it is open; null where none comes within 40 days. */
  nextOpen(ms: number): number | null;
  /** Minutes by which the zone's clock is ahead of UTC. */
  offsetAt(ms: number): number;
}

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const DAYS_AHEAD = 40;

export function createWindowOracle({ window, freezes }: Pick<Scenario, "window" | "freezes">): WindowOracle {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: window.timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    weekday: "short",
  });
  const days = parseDays(window.days);
  const [from = 0, to = 0] = window.hours.split("-").map((text) => toMinutes(text));
  const always = from === 0 && to === 1440 && days.size === 7 && freezes.length === 0;

  function local(ms: number) {
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const { year, month, day, hour, minute, weekday = "" } = parts;
    const date = `${year}-${month}-${day}`;
    const dayOfWeek = DAY_NAMES.indexOf(weekday.toUpperCase().slice(0, 3) as (typeof DAY_NAMES)[number]);
    return { date, minutes: Number(hour) * 60 + Number(minute), dayOfWeek };
  }

  function isOpen(ms: number): boolean {
    if (always) return true;
    const { date, minutes, dayOfWeek } = local(ms);
    if (freezes.some((freeze) => freeze.from <= date && date <= freeze.to)) return false;
    const today = days.has(dayOfWeek);
    if (from < to) return today && minutes >= from && minutes < to;
    return (today && minutes >= from) || (days.has((dayOfWeek + 6) % 7) && minutes < to);
  }

  return {
    isOpen,
    nextOpen(ms) {
      if (isOpen(ms)) return ms;
      // Every window begins on a quarter of an hour, in every zone.
      const first = Math.floor(ms / QUARTER) * QUARTER + QUARTER;
      for (let at = first; at < ms + DAYS_AHEAD * 24 * 60 * MINUTE; at += QUARTER) if (isOpen(at)) return at;
      return null;
    },
    offsetAt(ms) {
      const { date, minutes } = local(ms);
      return Math.round((Date.parse(`${date}T00:00:00Z`) + minutes * MINUTE - ms) / MINUTE);
    },
  };
}

function toMinutes(text: string): number {
  const [hours, minutes] = text.split(":");
  return Number(hours) * 60 + Number(minutes);
}

function parseDays(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const [first = "", last = first] = part.split("-");
    const index = (name: string) => DAY_NAMES.indexOf(name as (typeof DAY_NAMES)[number]);
    for (let day = index(first); ; day = (day + 1) % 7) {
      found.add(day);
      if (day === index(last)) break;
    }
  }
  return found;
}
