import { GitHubFault } from "./github-fault.ts";
import type { GitHubState, Usage } from "./github-state.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const REQUESTS_PER_HOUR = 5_000;
const WRITES_PER_MINUTE = 80;
const WRITES_PER_HOUR = 500;
const POINTS_PER_MINUTE = 900;
const READ_POINTS = 1;
const WRITE_POINTS = 5;

const SECONDARY_LIMIT = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

/** Counts a request of an installation, and refuses it where that asks for too much. */
export function countRequest(
  state: GitHubState,
  installation: number,
  { isWrite, now }: { readonly isWrite: boolean; readonly now: number },
): void {
  const usage = usageOf(state, installation, now);
  if (usage.used >= REQUESTS_PER_HOUR) throw primaryLimit(installation);
  usage.used += 1;
  // Also what is refused counts: who knocks all the time is never let in.
  usage.points.push({ at: now, points: isWrite ? WRITE_POINTS : READ_POINTS });
  const points = usage.points.reduce((sum, one) => sum + one.points, 0);
  if (points > POINTS_PER_MINUTE) throw secondaryLimit(60);
  if (isWrite) countWrite(usage.writes, now);
}

function countWrite(writes: number[], now: number): void {
  const lately = writes.filter((at) => at > now - MINUTE_MS).length;
  if (lately >= WRITES_PER_MINUTE) throw secondaryLimit(60);
  if (writes.length >= WRITES_PER_HOUR) throw secondaryLimit(Math.ceil(((writes[0] ?? now) + HOUR_MS - now) / 1000));
  writes.push(now);
}

/** As of now: the hour begins with its first request, minutes and the writes' hour move on. */
function usageOf({ usage }: GitHubState, installation: number, now: number): Usage {
  const known = usage.get(installation);
  const isCurrent = known !== undefined && now < known.since + HOUR_MS;
  const current: Usage = {
    since: isCurrent ? known.since : now,
    used: isCurrent ? known.used : 0,
    points: known?.points.filter(({ at }) => at > now - MINUTE_MS) ?? [],
    writes: known?.writes.filter((at) => at > now - HOUR_MS) ?? [],
  };
  usage.set(installation, current);
  return current;
}

/** What `GET /rate_limit` tells of an installation; `reset` in seconds since the epoch. */
export interface RateLimit {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  readonly reset: number;
}

/** Null: who carries no installation's token. */
export function rateLimit(state: GitHubState, installation: number | null, now: number): RateLimit {
  const { used, since } = installation === null ? { used: 0, since: now } : usageOf(state, installation, now);
  const reset = Math.ceil((since + HOUR_MS) / 1000);
  return { limit: REQUESTS_PER_HOUR, used, remaining: REQUESTS_PER_HOUR - used, reset };
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit */
export function limitHeaders({ limit, used, remaining, reset }: RateLimit): Readonly<Record<string, string>> {
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-used": String(used),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": String(reset),
    "x-ratelimit-resource": "core",
  };
}

/** `retryAfter` in seconds; null: GitHub does not always say. */
export function secondaryLimit(retryAfter: number | null): GitHubFault {
  return new GitHubFault(403, SECONDARY_LIMIT, {
    headers: retryAfter === null ? {} : { "retry-after": String(retryAfter) },
  });
}

export function primaryLimit(installation: number): GitHubFault {
  return new GitHubFault(403, `API rate limit exceeded for installation ID ${installation}.`);
}
