import type { RepositoryState } from "./github-state.ts";

/** The one branch that a repository has; its newest commit is the one that was added last. */
export const DEFAULT_BRANCH = "main";

const SHORTEST = 7;

/** The whole commit of a branch or of a commit's first digits; undefined where there is none, or more than one. */
export function resolveReference({ commits }: RepositoryState, reference: string): string | undefined {
  const name = reference.replace(/^(refs\/)?heads\//, "");
  if (name === DEFAULT_BRANCH) return [...commits].at(-1);
  if (reference.length < SHORTEST) return undefined;
  const found = [...commits].filter((commit) => commit.startsWith(reference));
  return found.length === 1 ? found[0] : undefined;
}
