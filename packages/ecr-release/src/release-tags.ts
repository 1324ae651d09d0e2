/** So many heads before the present one are kept. */
export const pastHeads = 10;

/** `git_<commit>`: never moves. */
export function commitTag(commit: string): string {
  return `git_${commit}`;
}

/** `ts_<time>-git_<commit>`, the time in UTC to the second, so that text order is time order. Never moves. */
export function timeTag(time: Date, commit: string): string {
  const text = time.toISOString().replace(/[-:]|\.\d+/g, "");
  return `ts_${text}-${commitTag(commit)}`;
}

/** Whether the tag is one of time and this commit. */
export function isTimeTag(tag: string, commit: string): boolean {
  return tag.startsWith("ts_") && tag.endsWith(`-${commitTag(commit)}`);
}

/**
 * `keep-<area>-<n>`: 0 is the head, and what is about to be it; 1 to 10 are the heads before it, each once, the latest
 * first. So `keep-production-1` is what a step back leads to.
 */
export function keepTag(area: string, ago: number): string {
  return `keep-${area}-${ago}`;
}

/** All of an area, by how many heads ago. */
export function keepTags(area: string): readonly string[] {
  return Array.from({ length: pastHeads + 1 }, (_, ago) => keepTag(area, ago));
}
