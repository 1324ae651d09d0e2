import type { ImageDigest } from "@windlass/deployment";
import { imageDigestSchema } from "@windlass/deployment";
import type { RegistrySession } from "./call-registry.ts";
import type { DigestReading } from "./diff-heads.ts";
import { EcrTagDiffError, toUnreadable } from "./ecr-tag-diff-error.ts";
import { identifiersPerCall, type ManifestReading, readManifests } from "./read-manifests.ts";

/** Where one image's head is to be found. */
export interface HeadSource {
  readonly image: string;
  readonly repository: string;
  readonly tag: string;
}

export interface SeenDigest {
  readonly source: HeadSource;
  readonly reading: DigestReading;
  /** The manifest's text, so that nobody has to ask for it again; empty where there is no digest. */
  readonly manifest: string;
}

/**
 * Reads the digest behind each source's tag: one call for each repository; more where over 100 tags of one are asked
 * for, and where the answer to a tag among several is missing. Never throws for what the registry says: each image has a reading of its own.
 */
export async function readDigests(
  session: RegistrySession,
  sources: readonly HeadSource[],
): Promise<readonly SeenDigest[]> {
  const batches = byRepository(sources).flatMap((group) => chunk(group, identifiersPerCall));
  const seen = await Promise.all(batches.map((batch) => readBatch(session, batch)));
  return seen.flat();
}

async function readBatch(session: RegistrySession, batch: readonly HeadSource[]): Promise<readonly SeenDigest[]> {
  const repository = batch[0]?.repository ?? "";
  try {
    const tags = batch.map((source) => ({ imageTag: source.tag }));
    const readings = await readManifests(session, repository, tags);
    const seen = batch.map((source, index) => {
      const reading = readings[index] ?? { kind: "absent" };
      // Two tags on one digest may be answered once, with either tag.
      return isUnanswered(reading) && batch.length > 1 ? readBatch(session, [source]) : [toSeen(source, reading)];
    });
    return (await Promise.all(seen)).flat();
  } catch (error) {
    if (!(error instanceof EcrTagDiffError)) throw error;
    // One tag that the registry does not accept must not hide those that were asked for with it.
    if (error.code === "request-refused" && batch.length > 1) {
      const alone = await Promise.all(batch.map((source) => readBatch(session, [source])));
      return alone.flat();
    }
    return batch.map((source) => unseen(source, error));
  }
}

function isUnanswered(reading: ManifestReading): boolean {
  return reading.kind === "failed" && reading.error.code === "answer-incomplete";
}

function toSeen(source: HeadSource, reading: ManifestReading): SeenDigest {
  switch (reading.kind) {
    case "manifest":
      return { source, reading: { kind: "digest", digest: toDigest(reading.digest) }, manifest: reading.text };
    case "absent":
      return { source, reading: { kind: "absent", missing: "tag" }, manifest: "" };
    case "failed":
      return unseen(source, reading.error);
  }
}

function unseen(source: HeadSource, error: EcrTagDiffError): SeenDigest {
  const isMissing = error.code === "repository-missing";
  return {
    source,
    reading: isMissing ? { kind: "absent", missing: "repository" } : toUnreadable(error),
    manifest: "",
  };
}

/** Its text was measured, so it has the form of a digest. */
function toDigest(digest: string): ImageDigest {
  return imageDigestSchema.parse(digest);
}

function byRepository(sources: readonly HeadSource[]): readonly (readonly HeadSource[])[] {
  const groups = new Map<string, HeadSource[]>();
  for (const source of sources) {
    const group = groups.get(source.repository);
    if (group === undefined) groups.set(source.repository, [source]);
    else group.push(source);
  }
  return [...groups.values()];
}

function chunk<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
