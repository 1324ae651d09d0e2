/** Local times, first and last: `09:00-17:00`; `22:00-06:00` goes over midnight, `00:00-24:00` is the whole day. */
export const HOURS = /^(?:[01]\d|2[0-3]):[0-5]\d-(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

export interface Hours {
  /** Minutes after local midnight, 0 to 1439. */
  readonly from: number;
  /** Minutes after local midnight, 1 to 1440; not above `from` where the hours go over midnight. */
  readonly to: number;
}

/** The hours of a text that matches `HOURS`. */
export function parseHours(text: string): Hours {
  const to = minutesAt(text, 6);
  return { from: minutesAt(text, 0), to: to === 0 ? 1440 : to };
}

/** True where start and end are the same time, which could mean nothing or a day. */
export function startsWhereItEnds(text: string): boolean {
  return minutesAt(text, 0) === minutesAt(text, 6);
}

/** Minutes after midnight of a time `HH:MM`. */
export function minutesOf(time: string): number {
  return minutesAt(time, 0);
}

export function formatHours({ from, to }: Hours): string {
  return `${formatTime(from)}-${formatTime(to)}`;
}

function minutesAt(text: string, index: number): number {
  return Number(text.slice(index, index + 2)) * 60 + Number(text.slice(index + 3, index + 5));
}

/** `HH:MM` of minutes after midnight. */
export function formatTime(minutes: number): string {
  const pad = (value: number): string => String(value).padStart(2, "0");
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}
