import { type AreaNames, type AreaTags, keepsAll, planHead, planPast, type TagPut } from "./plan-area.ts";

/** What one release knows after a reading of the area's tags. */
export interface Progress {
  readonly names: AreaNames;
  readonly tags: AreaTags;
  /** Every other head that was seen, the latest first. */
  readonly heads: readonly string[];
  /** What is released. */
  readonly digest: string;
  /** The head at the first reading. */
  readonly from: string | null;
  /** What other releases were seen to bring at the same time. */
  readonly rivals: readonly string[];
  /** Whether this release has announced its image. */
  readonly announced: boolean;
  /** Whether this release has put the area's tag, or found it there. */
  readonly moved: boolean;
}

export type NextStep =
  /** Put these, none while there is nothing but to look again, and read the tags again. */
  | { readonly kind: "keep"; readonly puts: readonly TagPut[] }
  /** Everything is kept: put the area's tag. */
  | { readonly kind: "move"; readonly puts: readonly TagPut[] }
  | { readonly kind: "done" }
  | { readonly kind: "overtaken"; readonly by: string };

/**
 * What a release does next. ECR has no conditional write, so two releases at once can overwrite each other's tags. No
 * head is lost all the same, as either of them sees the other: each announces its image in `keep-<area>-0` and reads the
 * tags between that and the move, and after the move. Who announced first and moved last finds the other's image in
 * `keep-<area>-0`; who announced last finds the other's as the head, before it moves the tag off it; and who was
 * overtaken before it looked keeps its own.
 */
export function nextStep(progress: Progress): NextStep {
  const { names, tags, digest, from } = progress;
  if (!progress.moved) return beforeMove(progress);
  if (tags.head === digest) {
    const puts = [...planLost(progress), ...planHead(names, tags, digest)];
    return puts.length > 0 ? { kind: "keep", puts } : { kind: "done" };
  }
  // Not shown yet, or moved back by another release: a later reading may tell.
  if (tags.head === from || tags.head === null) return { kind: "keep", puts: [] };
  const puts = planLost(progress);
  return puts.length > 0 ? { kind: "keep", puts } : { kind: "overtaken", by: tags.head };
}

/**
 * What others bring at the same time: as the head, or announced and not known as a head of before. What is announced
 * counts only after the move: whoever announced it before that looks at the head before moving on.
 */
export function findRivals({
  tags,
  heads,
  digest,
  from,
  announced,
  moved,
}: Omit<Progress, "rivals">): readonly string[] {
  if (!announced) return [];
  const [incoming = null] = tags.kept;
  const head = tags.head === from ? null : tags.head;
  const stray = moved && incoming !== null && !heads.includes(incoming) ? incoming : null;
  return [head, stray].flatMap((rival) => (rival === null || rival === digest ? [] : [rival]));
}

function beforeMove(progress: Progress): NextStep {
  const { names, tags, heads, digest, announced } = progress;
  // In order and announced the first time; then only kept, as two that insisted would overwrite each other for ever.
  const puts = announced ? planLost(progress) : [...planPast(names, tags, heads), ...planHead(names, tags, digest)];
  return puts.length > 0 ? { kind: "keep", puts } : { kind: "move", puts: [{ tag: names.tag, digest }] };
}

/**
 * Brings back heads that have no place. Either of two releases may have been the head for a moment, so somebody may run
 * it: both get a place, in an order that both come to by themselves.
 */
function planLost({ names, tags, heads, digest, rivals }: Progress): readonly TagPut[] {
  const first = rivals.length === 0 ? [] : [...rivals, digest].sort();
  const past = [...new Set([...first, ...heads])];
  return keepsAll(tags, past) ? [] : planPast(names, tags, past);
}
