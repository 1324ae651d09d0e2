import type { GitHubCall } from "./github-call.ts";
import { GitHubFault } from "./github-fault.ts";
import { findRenamed } from "./github-state.ts";

export interface Moved {
  readonly owner: string;
  readonly name: string;
  /** Of the path, after the repository. */
  readonly rest: string;
  readonly method: string;
}

/**
 * Where a renamed repository is now: 301 for reads, 307 for what must keep its method.
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
 */
export function moved({ state, apiUrl, query }: GitHubCall, { owner, name, rest, method }: Moved): GitHubFault | null {
  const repository = findRenamed(state, owner, name);
  if (repository === undefined) return null;
  const location = `${apiUrl}/repositories/${repository.id}${rest}${query === "" ? "" : `?${query}`}`;
  const status = method === "GET" || method === "HEAD" ? 301 : 307;
  return new GitHubFault(status, status === 301 ? "Moved Permanently" : "Temporary Redirect", {
    headers: { location },
    extra: { url: location },
  });
}
