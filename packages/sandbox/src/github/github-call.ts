import type { World } from "../core/world.ts";
import type { GitHubChange, GitHubState, InstallationToken, RepositoryState } from "./github-state.ts";

/** What an operation knows beside its parameters. */
export interface GitHubCall {
  readonly state: GitHubState;
  readonly world: World;
  /** GitHub's time, milliseconds. */
  readonly now: number;
  /** Of the API as this caller reaches it, without a slash at the end. */
  readonly apiUrl: string;
  /** Of the path and the query, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** As it came, without the question mark. */
  readonly query: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly authorization: string | undefined;
}

export interface GitHubAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call by an installation. */
export interface InstallationCall extends GitHubCall {
  readonly token: InstallationToken;
}

/** A call about a repository, by an installation that may make it. */
export interface RepositoryCall extends InstallationCall {
  readonly repository: RepositoryState;
}

/** Where something happens, also without a call. */
export type Scene = Pick<RepositoryCall, "state" | "repository" | "now">;

export function tell(
  { state, repository, now }: Scene,
  change: Pick<GitHubChange, "kind" | "what" | "subject" | "id">,
): void {
  const { owner, name } = repository;
  for (const listener of state.listeners) {
    listener({ at: new Date(now), repository: `${owner}/${name}`, ...change });
  }
}

/** Second precision, as GitHub writes times. */
export function toTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** One page of a list, and where the others are: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export function pageOf<T>(
  call: GitHubCall,
  path: string,
  all: readonly T[],
): { items: readonly T[]; headers: Record<string, string> } {
  const size = Math.min(100, Math.max(1, Number(call.parameters["per_page"] ?? 30)));
  const page = Math.max(1, Number(call.parameters["page"] ?? 1));
  const last = Math.max(1, Math.ceil(all.length / size));
  const link = (number: number, rel: string) => {
    const query = new URLSearchParams(call.query);
    query.set("per_page", String(size));
    query.set("page", String(number));
    return `<${call.apiUrl}${path}?${query}>; rel="${rel}"`;
  };
  const links = page < last ? [link(page + 1, "next"), link(last, "last")] : [];
  return {
    items: all.slice((page - 1) * size, page * size),
    headers: links.length === 0 ? {} : { link: links.join(", ") },
  };
}

export function textOf(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = body[name];
  return typeof value === "string" ? value : undefined;
}
