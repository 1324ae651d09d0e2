/** How people are told of versions and times. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `45s`, `12m`, `3h`, `5d`: the one unit that matters. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE) return `${whole}s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}m`;
  if (whole < 2 * DAY) return `${Math.floor(whole / HOUR)}h`;
  return `${Math.floor(whole / DAY)}d`;
}

/** How long ago that was. */
export function formatAge(at: string, now: Date): string {
  return formatSeconds((now.getTime() - Date.parse(at)) / 1000);
}

/** A commit's first seven digits, or a digest's where nobody named a commit. */
export function formatVersion({ commit, digest }: { readonly commit: string | null; readonly digest: string }): string {
  return commit === null ? digest.slice("sha256:".length, "sha256:".length + 12) : commit.slice(0, 7);
}

/** `2026-11-24 02:15:00`, in UTC. */
export function formatTime(at: string): string {
  return at.slice(0, 19).replace("T", " ");
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
