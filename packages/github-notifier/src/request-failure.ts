/** A request to GitHub that failed, as far as it can be told apart. */
export interface RequestFailure {
  /** Null: there was no answer. */
  readonly status: number | null;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly message: string;
  /** What GitHub does not take, of a 422: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed */
  readonly errors: readonly unknown[];
}

/** Reads what Octokit throws; null where it is nothing of a request's. */
export function readFailure(error: unknown): RequestFailure | null {
  if (!(error instanceof Error) || !("status" in error)) return null;
  const response = "response" in error ? (error.response as Answer | undefined) : undefined;
  // Octokit says 500 of a connection that broke, too.
  if (response === undefined || response === null)
    return { status: null, headers: {}, message: error.message, errors: [] };
  const { headers = {}, data } = response;
  return { status: Number(error.status), headers, message: error.message, errors: readErrors(data) };
}

function readErrors(data: unknown): RequestFailure["errors"] {
  const isList = typeof data === "object" && data !== null && "errors" in data && Array.isArray(data.errors);
  return isList ? (data.errors as readonly unknown[]) : [];
}

interface Answer {
  readonly data?: unknown;
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
}

export function hasStatus(error: unknown, ...statuses: readonly number[]): boolean {
  const status = readFailure(error)?.status ?? null;
  return status !== null && statuses.includes(status);
}

/** Whether GitHub asks to be left alone. */
export function isLimit(error: unknown): boolean {
  const failure = readFailure(error);
  return failure !== null && readRetryAfter(failure) !== null;
}

/**
 * Seconds for which GitHub asks to be left alone; null where it does not.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function readRetryAfter({ status, headers }: RequestFailure): number | null {
  if (status !== 403 && status !== 429) return null;
  const after = Number(headers["retry-after"]);
  if (after > 0) return after;
  if (String(headers["x-ratelimit-remaining"]) === "0") {
    const asked = Date.parse(String(headers["date"] ?? ""));
    const seconds = Number(headers["x-ratelimit-reset"]) - asked / 1000;
    return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : 60;
  }
  return status === 429 ? 60 : null;
}
