import { keepTag, pastHeads } from "./release-tags.ts";

/** Which digests an area's tags are on; null where the tag is not there. */
export interface AreaTags {
  /** By the area's own tag. */
  readonly head: string | null;
  /** By `keep-<area>-<n>`, at the index n. */
  readonly kept: readonly (string | null)[];
}

/** A tag to be put on a digest. */
export interface TagPut {
  readonly tag: string;
  readonly digest: string;
}

export interface AreaNames {
  readonly area: string;
  /** The area's own tag. */
  readonly tag: string;
}

/**
 * All heads but this digest, the latest first: those in the tags and those that were seen before, which another release
 * may have overwritten meanwhile. What is in the tags and was not seen before came after it.
 */
export function recallHeads(seen: readonly string[], tags: AreaTags, digest: string): readonly string[] {
  const past = tags.kept.slice(1).filter((kept) => kept !== null);
  const unseen = past.filter((kept) => !seen.includes(kept));
  const head = tags.head === null || tags.head === digest ? [] : [tags.head];
  return [...new Set([...head, ...unseen, ...seen])];
}

/**
 * Puts these heads, the latest first, into `keep-<area>-1` and up. The oldest goes first: wherever this ends, every one
 * of them has a tag, and their order can still be told from the tags, as one that stands twice counts where it is first.
 */
export function planPast(names: AreaNames, tags: AreaTags, heads: readonly string[]): readonly TagPut[] {
  return heads
    .slice(0, pastHeads)
    .map((digest, index) => ({ ago: index + 1, digest }))
    .filter(({ ago, digest }) => tags.kept[ago] !== digest)
    .reverse()
    .map(({ ago, digest }) => ({ tag: keepTag(names.area, ago), digest }));
}

/** Keeps the digest that is the head or is about to be. */
export function planHead(names: AreaNames, tags: AreaTags, digest: string): readonly TagPut[] {
  return tags.kept[0] === digest ? [] : [{ tag: keepTag(names.area, 0), digest }];
}

/**
 * Everything that makes the digest the area's head. The present head gets its place among the past ones before the
 * area's tag leaves it; the new one is kept before it is the head; the area's tag moves last.
 */
export function planMove(names: AreaNames, tags: AreaTags, digest: string): readonly TagPut[] {
  const heads = recallHeads([], tags, "");
  return [...planPast(names, tags, heads), ...planHead(names, tags, digest), { tag: names.tag, digest }];
}

/**
 * Whether the last ten heads, of which these are all but the present one, have a place, in whatever order. The tenth
 * place is one more than that: another release may have given it up already for a head of its own.
 */
export function keepsAll(tags: AreaTags, heads: readonly string[]): boolean {
  const past = tags.kept.slice(1);
  return heads.slice(0, pastHeads - 1).every((digest) => past.includes(digest));
}
