const gitTag = /^git_([0-9a-f]{7,64})$/i;
const timedTag = /^ts_(.+)-git_([0-9a-f]{7,64})$/i;

/**
 * The commit that an image's tags name: `git_<commit>` or `ts_<time>-git_<commit>`; null where none does.
 *
 * One digest can carry several, since a build that changes nothing makes the same image again. Then the newest `ts_`
 * tag decides, and without one the longest name, of those the first in alphabetical order: the same tags give the same
 * commit, in whatever order they come.
 *
 * @example
 * ```ts
 * commitFromTags(["staging", "git_4f2a91c"]); // "4f2a91c"
 * ```
 */
export function commitFromTags(tags: readonly string[]): string | null {
  return newestTimed(tags) ?? firstPlain(tags);
}

/** Times are compared as text: within one repository they are all written the same way, largest unit first. */
function newestTimed(tags: readonly string[]): string | null {
  const timed = tags
    .map((tag) => timedTag.exec(tag))
    .filter((match) => match !== null)
    .map((match) => ({ time: match[1] ?? "", commit: (match[2] ?? "").toLowerCase() }));
  timed.sort((a, b) => compare(b.time, a.time) || compare(a.commit, b.commit));
  return timed[0]?.commit ?? null;
}

function firstPlain(tags: readonly string[]): string | null {
  const commits = tags.flatMap((tag) => gitTag.exec(tag)?.[1]?.toLowerCase() ?? []);
  commits.sort((a, b) => b.length - a.length || compare(a, b));
  return commits[0] ?? null;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
