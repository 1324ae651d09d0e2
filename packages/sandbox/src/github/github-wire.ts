import { parseJson } from "../core/parse-json.ts";
import type { AwsFault, PlainResponse } from "../core/service.ts";
import type { GitHubAnswer } from "./github-call.ts";
import { GitHubFault } from "./github-fault.ts";
import { primaryLimit, secondaryLimit } from "./rate-limits.ts";

/** How an injected fault of too many requests is told apart on its way; GitHub has no codes. */
export const THROTTLED = "secondary-limit";

/** How far off the end of the hour is where a fault says that the hourly limit is reached. */
const RESET_SECONDS = 1800;

/** The body as it came; undefined where it is no JSON. */
export function readBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  try {
    return parseJson(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}

export function encodeAnswer(
  { status, body, headers }: GitHubAnswer,
  more: Readonly<Record<string, string>>,
): PlainResponse {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...more, ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
export function answerFault(fault: AwsFault, now: number): GitHubAnswer {
  const { status, message, errors, extra, headers } = toGitHubFault(fault, now);
  const body = {
    message,
    documentation_url: "https://docs.github.com/rest",
    status: String(status),
    ...(errors === undefined ? {} : { errors }),
    ...extra,
  };
  return { status, headers, body };
}

/** Injected faults, and defects of the sandbox, in GitHub's own words. */
function toGitHubFault(fault: AwsFault, now: number): GitHubFault {
  if (fault instanceof GitHubFault) return fault;
  if (fault.code === "primary") {
    const { status, message } = primaryLimit(0);
    const reset = String(Math.ceil(now / 1000) + RESET_SECONDS);
    return new GitHubFault(status, message, { headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset } });
  }
  if (fault.code !== THROTTLED) return new GitHubFault(fault.status, fault.message);
  const { retryAfter = 60 } = fault.extra as { readonly retryAfter?: number | null };
  return secondaryLimit(retryAfter);
}
