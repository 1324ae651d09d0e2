import { findRivals, nextStep } from "./next-step.ts";
import { type AreaNames, type AreaTags, planHead, planMove, recallHeads, type TagPut } from "./plan-area.ts";
import { ReleaseError } from "./release-error.ts";
import { keepTags } from "./release-tags.ts";
import { type Manifest, nameOf, putTag, type Repository, readTags } from "./repository.ts";

/** So often a registry may show something else than what was put, or another release may come between. */
const patience = 7;
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

/** Puts and looks, in turn, until the registry shows that the area has the image and that no head is lost. */
export async function moveArea(move: AreaMove, before: AreaReading): Promise<MoveOutcome> {
  const { digest } = move.manifest;
  const manifests = new Map([[digest, move.manifest]]);
  const puts: TagPut[] = [];
  let reading = before;
  let heads: readonly string[] = [];
  let rivals: readonly string[] = [];
  const from = before.tags.head;
  let moved = from === digest;
  for (let repeats = 0, steps = 0; repeats <= patience; steps += 1) {
    for (const [key, manifest] of reading.manifests) manifests.set(key, manifest);
    heads = recallHeads(heads, reading.tags, digest);
    const seen = { names: move, tags: reading.tags, heads, digest, from, announced: steps > 0, moved };
    rivals = [...new Set([...rivals, ...findRivals(seen)])];
    const step = nextStep({ ...seen, rivals });
    if (step.kind === "done") return { kind: "moved", puts };
    if (step.kind === "overtaken") return { kind: "overtaken", by: step.by, puts };
    for (const put of step.puts) {
      await putArea(move, manifestOf(manifests, put.digest), put.tag);
      if (!puts.some(({ tag, digest }) => tag === put.tag && digest === put.digest)) puts.push(put);
    }
    // Keeping, and then moving, is as it should be; whatever comes after is a repetition.
    const isRepeat = step.kind === "move" ? false : steps > 0;
    moved = moved || step.kind === "move";
    if (isRepeat) {
      await move.wait(firstWaitMs * 2 ** repeats);
      repeats += 1;
    }
    reading = await readArea(move);
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
