import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import Bottleneck from "bottleneck";
import { untilAborted } from "./until-aborted.ts";
import { requireData } from "./usable-answers.ts";

/** Milliseconds. */
export interface Pace {
  /** Between two writes; GitHub asks for a second. */
  readonly writeMs: number;
  /** Between two of which people get mail; GitHub asks for three seconds. */
  readonly notifyMs: number;
  /** Before a read is tried again. */
  readonly retryMs: number;
  /** How long GitHub may take for one request, without what it waits for its turn. */
  readonly requestMs: number;
}

export const USUAL_PACE: Pace = { writeMs: 1_000, notifyMs: 3_000, retryMs: 1_000, requestMs: 8_000 };

/** One notifier's queues: requests to one GitHub go through them, whichever repository they are for. */
export type Queues = ReturnType<typeof createQueues>;

/**
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests.
 * The plugin keeps its own queues for all of a process: each notifier's own go instead of them.
 */
export function createQueues({ writeMs, notifyMs }: Pace) {
  const one = (minTime: number) => new Bottleneck.Group({ maxConcurrent: 1, minTime });
  return {
    global: new Bottleneck.Group({ maxConcurrent: 10 }),
    auth: one(0),
    search: one(2_000),
    write: one(writeMs),
    notifications: one(notifyMs),
  };
}

export interface ClientOptions {
  readonly apiUrl: string;
  readonly fetch: typeof fetch;
  readonly pace: Pace;
  readonly queues: Queues;
  readonly signal: AbortSignal;
  /** Told when GitHub asks to be left alone, with the seconds. */
  readonly onLimit: (retryAfter: number) => void;
  readonly authStrategy?: unknown;
  readonly auth?: unknown;
}

const ThrottledOctokit = Octokit.plugin(throttling, retry);
/** Octokit would write to the console: what matters is in the answers. */
export const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
/** A read that failed is tried once more; nothing that makes something ever is. */
const READ_RETRIES = 1;
/** The plugin's own, and 429: a limit is left alone. */
const NOT_RETRIED = [400, 401, 403, 404, 410, 422, 429, 451];

export function createClient(options: ClientOptions): Octokit {
  const { apiUrl, fetch, pace, queues, signal, onLimit, authStrategy, auth } = options;
  const limited = (retryAfter: number) => {
    onLimit(retryAfter);
    // Never waits for it: the ledger remembers until when.
    return false;
  };
  const octokit = new ThrottledOctokit({
    baseUrl: apiUrl,
    userAgent: "windlass",
    log: SILENT,
    request: { fetch: limitTime(fetch, pace.requestMs) },
    throttle: { id: apiUrl, onRateLimit: limited, onSecondaryRateLimit: limited, ...queues },
    retry: { retryAfterBaseValue: pace.retryMs, retries: READ_RETRIES, doNotRetry: NOT_RETRIED },
    ...(authStrategy === undefined ? {} : { authStrategy, auth }),
  });
  octokit.hook.before("request", (request) => {
    // Said of a read, it would be tried again whatever its status.
    const retries = request.method === "GET" ? {} : { retries: 0 };
    // A new object: Octokit shares the one that is there between requests.
    request.request = { ...request.request, signal, ...retries };
  });
  // The last hook is the outermost: the queues of the plugins are within it, and they heed no signal.
  octokit.hook.wrap("request", async (request, asked) => {
    const response = await untilAborted(async () => request(asked), signal);
    requireData(response);
    return response;
  });
  return octokit;
}

/** Each attempt has its own time, from when it is sent: one that waits in a queue has not begun. */
function limitTime(fetch: typeof globalThis.fetch, ms: number): typeof globalThis.fetch {
  return (input, init) => {
    const signals = [AbortSignal.timeout(ms), ...(init?.signal ? [init.signal] : [])];
    return fetch(input, { ...init, signal: AbortSignal.any(signals) });
  };
}
