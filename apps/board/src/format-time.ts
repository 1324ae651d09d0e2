export interface TimeOptions {
  readonly now: Date;
  /** The reader's own where it is left out. */
  readonly timeZone?: string | undefined;
}

/** In the reader's time zone, as short as the day allows: `14:05`, `24 Nov, 14:05`, `24 Nov 2025, 14:05`. */
export function formatTime(instant: string, { now, timeZone }: TimeOptions): string {
  const at = new Date(instant);
  const day = (date: Date) => format(date, { day: "2-digit", month: "short", year: "numeric", timeZone });
  const clock = format(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
  if (day(at) === day(now)) return clock;
  const year = (date: Date) => format(date, { year: "numeric", timeZone });
  const named = format(at, {
    day: "numeric",
    month: "short",
    ...(year(at) === year(now) ? {} : { year: "numeric" }),
    timeZone,
  });
  return `${named}, ${clock}`;
}

/** For a title: the same moment as everybody else's clock has it. */
export function formatUtc(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function format(date: Date, options: { readonly [Key in keyof Intl.DateTimeFormatOptions]: unknown }): string {
  return new Intl.DateTimeFormat("en-GB", options as Intl.DateTimeFormatOptions).format(date);
}
