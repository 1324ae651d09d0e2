const NAMES: readonly string[] = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/** Days and ranges of days, separated by commas: `MON-FRI`, `MON,WED`, `SAT-MON`. */
export const DAYS =
  /^(?:MON|TUE|WED|THU|FRI|SAT|SUN)(?:-(?:MON|TUE|WED|THU|FRI|SAT|SUN))?(?:, ?(?:MON|TUE|WED|THU|FRI|SAT|SUN)(?:-(?:MON|TUE|WED|THU|FRI|SAT|SUN))?)*$/;

/** ISO weekdays, ascending, of a text that matches `DAYS`. A range may wrap around the week's end. */
export function parseDays(text: string): readonly number[] {
  const days = text.split(",").flatMap((part) => daysOfRange(part.trim()));
  return [...new Set(days)].sort((a, b) => a - b);
}

/** The text for ISO weekdays in ascending order; three and more in a row become a range. */
export function formatDays(days: readonly number[]): string {
  const runs: number[][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run?.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  return runs.flatMap(formatRun).join(",");
}

function daysOfRange(part: string): readonly number[] {
  const [first, last = first] = part.split("-").map((name) => NAMES.indexOf(name));
  const start = first as number;
  const length = (((last as number) - start + 7) % 7) + 1;
  return Array.from({ length }, (_, index) => ((start + index) % 7) + 1);
}

function formatRun(run: readonly number[]): readonly (string | undefined)[] {
  const names = run.map((day) => NAMES[day - 1]);
  return names.length < 3 ? names : [`${names[0]}-${names.at(-1)}`];
}
