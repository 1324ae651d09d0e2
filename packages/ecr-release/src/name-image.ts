import type { TagPut } from "./plan-area.ts";
import { ReleaseError } from "./release-error.ts";
import { commitTag, isTimeTag, timeTag } from "./release-tags.ts";
import { nameOf, type Repository, readTags } from "./repository.ts";

export interface NamedImage {
  readonly digest: string;
  /** The tags that the image has. */
  readonly tags: readonly string[];
  readonly commit: string;
  readonly time: Date;
  /** Whether somebody said that it is this time; otherwise any time that the image has for the commit will do. */
  readonly exactTime: boolean;
}

/**
 * The tags that the image lacks of those that tell its commit and never move.
 *
 * @throws ReleaseError `commit-tag-taken` or `time-tag-taken` where another image has one.
 */
export async function planNames(repository: Repository, image: NamedImage): Promise<readonly TagPut[]> {
  const { digest, commit } = image;
  const names = [commitTag(commit), ...(needsTime(image) ? [timeTag(image.time, commit)] : [])];
  const held = await readTags(repository, names);
  for (const tag of names) {
    const found = held.get(tag)?.digest ?? digest;
    if (found !== digest) throw takenError(repository, { tag, digest }, found);
  }
  return names.filter((tag) => !held.has(tag)).map((tag) => ({ tag, digest }));
}

/** The error for a tag that was to name the image and is on another one. */
export function takenError(repository: Repository, put: TagPut, found: string): ReleaseError {
  const isCommit = put.tag.startsWith("git_");
  return new ReleaseError({
    code: isCommit ? "commit-tag-taken" : "time-tag-taken",
    message: "another image has this tag, which never moves",
    where: nameOf(repository, `:${put.tag}`),
    expected: put.digest,
    found,
    hint: isCommit
      ? `a commit is built once: release what it was built to (--tag ${put.tag}), or make a new commit`
      : "give the time of this build",
  });
}

function needsTime({ tags, commit, exactTime, time }: NamedImage): boolean {
  return exactTime ? !tags.includes(timeTag(time, commit)) : !tags.some((tag) => isTimeTag(tag, commit));
}
