import type { DeployWindow } from "@windlass/account-mapping";

/** Of EventBridge Scheduler, where 1 would be Sunday: names can not be mistaken. */
const DAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
const MINUTES_A_DAY = 1440;

/**
 * Expressions for EventBridge Scheduler that fire in each minute of the window, in the window's time zone, and in no
 * other: one for the whole hours, and one each for what is left of an hour before and after them. Freezes are not known
 * here; a tick in one starts nothing.
 *
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function windowCrons({ days, from, to }: DeployWindow): readonly string[] {
  if (from < to) return rangeCrons(from, to, days);
  const nextDays = days.map((day) => (day % 7) + 1).sort((one, other) => one - other);
  return [...rangeCrons(from, MINUTES_A_DAY, days), ...rangeCrons(0, to, nextDays)];
}

/** The expression of EC2 Auto Scaling for this minute of each day. */
export function dailyRecurrence(minute: number): string {
  return `${minute % 60} ${Math.floor(minute / 60)} * * *`;
}

/** Minutes of one day, the last one exclusive. */
function rangeCrons(from: number, to: number, days: readonly number[]): readonly string[] {
  const firstWholeHour = Math.ceil(from / 60);
  const lastWholeHour = Math.floor(to / 60);
  if (firstWholeHour > lastWholeHour) return [cron(`${from % 60}-${(to - 1) % 60}`, hours(lastWholeHour), days)];
  return [
    ...(from % 60 === 0 ? [] : [cron(`${from % 60}-59`, hours(firstWholeHour - 1), days)]),
    ...(firstWholeHour < lastWholeHour ? [cron("*", hours(firstWholeHour, lastWholeHour - 1), days)] : []),
    ...(to % 60 === 0 ? [] : [cron(`0-${(to % 60) - 1}`, hours(lastWholeHour), days)]),
  ];
}

function hours(first: number, last = first): string {
  if (first === 0 && last === 23) return "*";
  return first === last ? String(first) : `${first}-${last}`;
}

function cron(minutes: string, hourRange: string, days: readonly number[]): string {
  const names = days.length === 7 ? "*" : days.map((day) => DAYS[day - 1]).join(",");
  return `cron(${minutes} ${hourRange} ? * ${names} *)`;
}
