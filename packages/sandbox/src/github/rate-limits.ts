import { GitHubFault } from "./github-fault.ts";
import type { GitHubState, Installation } from "./github-state.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const REQUESTS_PER_HOUR = 5_000;
const WRITES_PER_MINUTE = 80;
const WRITES_PER_HOUR = 500;
const POINTS_PER_MINUTE = 900;
const WRITE_POINTS = 5;

export const SECONDARY_LIMIT =
  "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

/** Counts a request, and refuses it where the installation has asked for too much. */
export function countRequest(
  state: GitHubState,
  { id }: Installation,
  { isWrite, now }: { readonly isWrite: boolean; readonly now: number },
): Readonly<Record<string, string>> {
  const usage = state.usage.get(id) ?? { requests: [], writes: [] };
  state.usage.set(id, usage);
  forget(usage.requests, now - HOUR_MS);
  forget(usage.writes, now - HOUR_MS);
  const reset = String(Math.ceil(((usage.requests[0] ?? now) + HOUR_MS) / 1000));
  const headersFor = (remaining: number) => ({
    "x-ratelimit-limit": String(REQUESTS_PER_HOUR),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": reset,
    "x-ratelimit-resource": "core",
  });
  if (usage.requests.length >= REQUESTS_PER_HOUR) throw primaryLimit(headersFor(0), id);
  usage.requests.push(now);
  if (isWrite) refuseManyWrites(usage.writes, now);
  const writes = recent(usage.writes, now);
  const points = recent(usage.requests, now) + writes * (WRITE_POINTS - 1);
  if (points > POINTS_PER_MINUTE) throw secondaryLimit(60);
  return headersFor(REQUESTS_PER_HOUR - usage.requests.length);
}

function refuseManyWrites(writes: number[], now: number): void {
  if (recent(writes, now) >= WRITES_PER_MINUTE) throw secondaryLimit(60);
  if (writes.length >= WRITES_PER_HOUR) throw secondaryLimit(Math.ceil(((writes[0] ?? now) + HOUR_MS - now) / 1000));
  writes.push(now);
}

/** `retryAfter` in seconds; null: GitHub does not always say. */
export function secondaryLimit(retryAfter: number | null): GitHubFault {
  return new GitHubFault(403, SECONDARY_LIMIT, {
    headers: retryAfter === null ? {} : { "retry-after": String(retryAfter) },
  });
}

export function primaryLimit(headers: Readonly<Record<string, string>>, installation: number): GitHubFault {
  return new GitHubFault(403, `API rate limit exceeded for installation ID ${installation}.`, { headers });
}

function recent(times: readonly number[], now: number): number {
  return times.filter((time) => time > now - MINUTE_MS).length;
}

function forget(times: number[], before: number): void {
  const kept = times.findIndex((time) => time > before);
  times.splice(0, kept < 0 ? times.length : kept);
}
