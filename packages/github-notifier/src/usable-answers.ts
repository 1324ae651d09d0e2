import { GitHubNotifierError } from "./github-notifier-error.ts";

/**
 * Throws `answer-unusable` where a success came without an object or a list: Octokit hands out as text what broke off or
 * is no JSON, and says nothing. No request of the notifier is answered without a body.
 */
export function requireData({ status, data }: { readonly status: number; readonly data: unknown }): void {
  if (typeof data === "object" && data !== null && !(data instanceof ArrayBuffer)) return;
  throw unusable({ expected: "a JSON object or list", found: `status ${status} with a body that is none` });
}

/** Throws `answer-unusable` where it is not a list. */
export function requireList<T>(value: readonly T[]): readonly T[] {
  if (Array.isArray(value)) return value;
  throw unusable({ expected: "a list", found: typeof value });
}

/** Throws `answer-unusable` where it is no id or number of GitHub's. */
export function requireId(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  throw unusable({ expected: "an id", found: typeof value });
}

/** Throws `answer-unusable` where it is no text, or does not look as it should. */
export function requireText(value: unknown, looksRight: (text: string) => boolean): string {
  if (typeof value === "string" && looksRight(value)) return value;
  throw unusable({ expected: "a text", found: typeof value });
}

/** What was asked for may have been done. */
function unusable(details: { readonly expected: string; readonly found: string }): GitHubNotifierError {
  return new GitHubNotifierError({ code: "answer-unusable", message: "GitHub's answer can not be used", ...details });
}
