import type { Temporal } from "temporal-polyfill";

const DAY_NAMES = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/**
 * EventBridge Scheduler's reading of a cron expression, of those parts of it that are used here: fires at each local
 * minute that it names. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export function readCron(expression: string): (local: Temporal.PlainDateTime) => boolean {
  const [, fields] = /^cron\((.*)\)$/.exec(expression) ?? [];
  const [minutes, hours, dayOfMonth, month, days, year, ...others] = (fields ?? "").split(" ");
  if (dayOfMonth !== "?" || month !== "*" || year !== "*" || others.length > 0) throw new Error(expression);
  const minuteSet = numbersOf(minutes, 59);
  const hourSet = numbersOf(hours, 23);
  const daySet = days === "*" ? DAY_NAMES : (days ?? "").split(",");
  if (!daySet.every((day) => DAY_NAMES.includes(day))) throw new Error(expression);
  const dayNumbers = new Set(daySet.map((day) => DAY_NAMES.indexOf(day) + 1));
  return ({ minute, hour, dayOfWeek }) => minuteSet.has(minute) && hourSet.has(hour) && dayNumbers.has(dayOfWeek);
}

function numbersOf(field: string | undefined, highest: number): ReadonlySet<number> {
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(field === "*" ? `0-${highest}` : (field ?? "")) ?? [];
  const [first, last] = [Number(from), Number(to ?? from)];
  if (!(first >= 0 && first <= last && last <= highest)) throw new Error(`not minutes or hours: ${field}`);
  return new Set(Array.from({ length: last - first + 1 }, (_, index) => first + index));
}
