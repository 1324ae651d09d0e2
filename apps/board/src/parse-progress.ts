/** A part of 1 from `12/40` or `50%`; null where it is something else, or nothing. */
export function parseProgress(progress: string | null): number | null {
  const parts = /^(\d+)\s*\/\s*(\d+)$/.exec(progress ?? "");
  if (parts !== null) return limit(Number(parts[1]) / Number(parts[2]));
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(progress ?? "");
  return percent === null ? null : limit(Number(percent[1]) / 100);
}

function limit(part: number): number | null {
  return Number.isFinite(part) ? Math.min(1, part) : null;
}
