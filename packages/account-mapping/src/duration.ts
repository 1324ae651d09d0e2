/** Hours, minutes and seconds, each once and in this order: `45m`, `2h`, `1h30m`, `90s`. */
export const DURATION = /^(?=\d)(?:\d{1,6}h)?(?:\d{1,6}m)?(?:\d{1,6}s)?$/;

/** A week: far beyond any sane deployment, and small enough for every service's integers. */
export const LONGEST_SECONDS = 7 * 24 * 3600;

/** Seconds of a text that matches `DURATION`. */
export function durationSeconds(text: string): number {
  const units = { h: 3600, m: 60, s: 1 } as const;
  return [...text.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units],
    0,
  );
}

/** The shortest text that means the same. */
export function formatDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  const parts = [hours > 0 ? `${hours}h` : "", minutes > 0 ? `${minutes}m` : "", rest > 0 ? `${rest}s` : ""];
  return parts.join("") || "0s";
}
