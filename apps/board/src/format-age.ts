const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One unit, which is enough to see what is new: `12 s`, `5 min`, `3 h`, `2 d`. */
export function formatAge(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < 2 * DAY) return `${Math.floor(whole / HOUR)} h`;
  return `${Math.floor(whole / DAY)} d`;
}

/** Two units, for what is compared: `4 min 10 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return pair([Math.floor(whole / MINUTE), "min"], [whole % MINUTE, "s"]);
  if (whole < DAY) return pair([Math.floor(whole / HOUR), "h"], [Math.floor((whole % HOUR) / MINUTE), "min"]);
  return pair([Math.floor(whole / DAY), "d"], [Math.floor((whole % DAY) / HOUR), "h"]);
}

type Amount = readonly [number, string];

function pair([large, largeUnit]: Amount, [small, smallUnit]: Amount): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** Age at a moment, of an instant; an empty text where there is none. */
export function ageAt(instant: string | null, now: number): string {
  return instant === null ? "" : formatAge((now - Date.parse(instant)) / 1000);
}
