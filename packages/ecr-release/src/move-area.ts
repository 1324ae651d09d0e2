import {
  type AreaNames,
  type AreaTags,
  keepsAll,
  planHead,
  planMove,
  planPast,
  recallHeads,
  type TagPut,
} from "./plan-area.ts";
import { ReleaseError } from "./release-error.ts";
import { keepTags } from "./release-tags.ts";
import { type Manifest, nameOf, putTag, type Repository, readTags } from "./repository.ts";

/** Readings of the tags after the move, the first at once; so long the registry may show what was before. */
const patience = 8;
const firstWaitMs = 200;

export interface AreaMove extends AreaNames {
  readonly repository: Repository;
  readonly manifest: Manifest;
  readonly wait: (ms: number) => Promise<unknown>;
}

/** An area as it was when it was read, with the manifests of all its tags. */
export interface AreaReading {
  readonly tags: AreaTags;
  readonly manifests: ReadonlyMap<string, Manifest>;
}

export type MoveOutcome =
  | { readonly kind: "moved"; readonly puts: readonly TagPut[] }
  /** Another release moved the tag on. */
  | { readonly kind: "overtaken"; readonly by: string; readonly puts: readonly TagPut[] };

export async function readArea({ repository, area, tag }: AreaMove): Promise<AreaReading> {
  const keeps = keepTags(area);
  const held = await readTags(repository, [tag, ...keeps]);
  const digestAt = (name: string) => held.get(name)?.digest ?? null;
  const manifests = new Map([...held.values()].map((manifest) => [manifest.digest, manifest]));
  return { tags: { head: digestAt(tag), kept: keeps.map(digestAt) }, manifests };
}

/** All tags of the area that have to be put, in this order. None where the area has the digest already. */
export function planArea(move: AreaMove, { tags }: AreaReading): readonly TagPut[] {
  const { digest } = move.manifest;
  return tags.head === digest ? planHead(move, tags, digest) : planMove(move, tags, digest);
}

/**
 * Puts what was planned, then looks until the registry shows it. ECR has no conditional write: two releases at once can
 * overwrite each other's `keep-` tags, so each one looks afterwards that no head it knows of was lost, and puts it back.
 */
export async function moveArea(move: AreaMove, before: AreaReading): Promise<MoveOutcome> {
  const { digest } = move.manifest;
  const manifests = new Map([...before.manifests, [digest, move.manifest]]);
  const puts: TagPut[] = [];
  async function putAll(planned: readonly TagPut[]): Promise<void> {
    for (const put of planned) {
      await putArea(move, manifestOf(manifests, put.digest), put.tag);
      puts.push(put);
    }
  }

  const first = planArea(move, before);
  await putAll(first);
  if (!first.some(({ tag }) => tag === move.tag)) return { kind: "moved", puts };
  let heads = recallHeads([], before.tags, digest);
  for (let reading = 0; reading < patience; reading += 1) {
    if (reading > 0) await move.wait(firstWaitMs * 2 ** (reading - 1));
    const { tags, manifests: read } = await readArea(move);
    for (const [key, manifest] of read) manifests.set(key, manifest);
    heads = recallHeads(heads, tags, digest);
    const view = judge(move, { before: before.tags, tags, heads });
    if (view.kind !== "unsettled") return { ...view, puts };
    await putAll(view.puts);
  }
  throw new ReleaseError({
    code: "not-verified",
    message: "the tags were put, and the registry does not show them all",
    where: nameOf(move.repository, `:${move.tag}`),
    expected: digest,
    hint: "run the same command again: what is done already is not done twice",
    retryable: true,
  });
}

interface View {
  readonly before: AreaTags;
  readonly tags: AreaTags;
  readonly heads: readonly string[];
}

type Judgement =
  | { readonly kind: "moved" }
  | { readonly kind: "overtaken"; readonly by: string }
  | { readonly kind: "unsettled"; readonly puts: readonly TagPut[] };

function judge(move: AreaMove, { before, tags, heads }: View): Judgement {
  const { digest } = move.manifest;
  if (tags.head === digest) {
    const puts = [...(keepsAll(tags, heads) ? [] : planPast(move, tags, heads)), ...planHead(move, tags, digest)];
    return puts.length === 0 ? { kind: "moved" } : { kind: "unsettled", puts };
  }
  // Not shown yet, or moved back by another release: the next reading may tell.
  if (tags.head === before.head || tags.head === null) return { kind: "unsettled", puts: [] };
  // It was the head for a moment, so somebody may run it: it belongs to those that are kept.
  const past = [...new Set([digest, ...heads.filter((head) => head !== tags.head)])];
  if (keepsAll(tags, past)) return { kind: "overtaken", by: tags.head };
  return { kind: "unsettled", puts: planPast(move, tags, past) };
}

async function putArea(move: AreaMove, manifest: Manifest, tag: string): Promise<void> {
  if ((await putTag(move.repository, manifest, tag)) === "put") return;
  throw new ReleaseError({
    code: "tag-immutable",
    message: "the repository does not let this tag move",
    where: nameOf(move.repository, `:${tag}`),
    hint: `make its tags IMMUTABLE_WITH_EXCLUSION with the filters ${move.tag} and keep-*, as the pipeline stack does`,
  });
}

function manifestOf(manifests: ReadonlyMap<string, Manifest>, digest: string): Manifest {
  const manifest = manifests.get(digest);
  if (manifest === undefined) throw new Error(`the manifest of ${digest} was not read`);
  return manifest;
}
