import { InfraError } from "../infra-error.ts";
import type { PipelineRepository } from "./pipeline-repositories.ts";

/** What `windlass release` keeps an area's last heads by. */
export const KEEP_PATTERN = "keep-*";

/** ECR: at most 5 exceptions from immutability, and 2 wildcards in each. */
const MOST_FILTERS = 5;
const MOST_WILDCARDS = 2;

/** Tags that must never move: the commit's, the time's, and a signature's. */
const FIXED_TAGS = ["git_cc83ec5", "ts_20261124t021500z-git_cc83ec5", "sha256-0123.sig"];

/**
 * Patterns of the tags that may move in a repository: the areas' and the `keep-` tags. The areas' are named one by one
 * where there are four at most, else by what they have in common.
 *
 * @throws InfraError `too-many-moving-tags`
 */
export function movingTags({ name, tags, patterns }: PipelineRepository): readonly string[] {
  const room = MOST_FILTERS - 1;
  if (tags.length <= room) return [...tags, KEEP_PATTERN];
  const shared = choosePatterns(patterns, room);
  if (shared !== null) return [...shared, KEEP_PATTERN];
  throw new InfraError({
    code: "too-many-moving-tags",
    message: "ECR can except only five patterns of tags from immutability, and one of them is keep-*",
    expected: `at most ${room} areas with a tag of their own in one repository`,
    found: `${tags.length} tags, such as ${tags.slice(0, 3).join(", ")}`,
    where: name,
    hint: 'give the tags a part in common, such as source.tag: "area-{area}", or each area its repositories: source: { repository: "{area}/{image}", tag: latest }',
  });
}

/** First those that name the area, then the one of all areas. A pattern that a fixed tag matches, too, is none. */
function choosePatterns(patterns: readonly string[], room: number): readonly string[] | null {
  const usable = patterns.filter(isUsable);
  const general = usable.filter((pattern) => usable.every((other) => other === pattern || matchesTag(pattern, other)));
  const byArea = usable.filter((pattern) => !general.includes(pattern));
  if (byArea.length > 0 && byArea.length <= room) return byArea;
  return general.length === 1 ? general : null;
}

function isUsable(pattern: string): boolean {
  const wildcards = pattern.split("*").length - 1;
  return wildcards <= MOST_WILDCARDS && !FIXED_TAGS.some((tag) => matchesTag(pattern, tag));
}

/** ECR's wildcard stands for any number of characters, none included. */
export function matchesTag(pattern: string, tag: string): boolean {
  const [first = "", ...others] = pattern.split("*").map((part) => part.replaceAll(/[.\\^$+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${[first, ...others].join(".*")}$`).test(tag);
}
