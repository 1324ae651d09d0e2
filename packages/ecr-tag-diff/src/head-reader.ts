import type { ECRClient } from "@aws-sdk/client-ecr";
import type { Head, HeadReading, ImageDigest } from "@windlass/deployment";
import type { RegistrySession } from "./call-registry.ts";
import { describeHead } from "./describe-head.ts";
import { diffHead } from "./diff-heads.ts";
import { EcrTagDiffError, toUnreadable } from "./ecr-tag-diff-error.ts";
import { createPacer, type PacerOptions } from "./pacer.ts";
import { type HeadSource, readDigests, type SeenDigest } from "./read-digests.ts";

/** So often a new head may be unreadable because its push time or commit can not be read; then it is told without. */
const patientReads = 5;

export interface HeadReaderOptions {
  /** A client in the registry's Region. The SDK's standard retries do: the reader itself adapts to throttling. */
  readonly client: ECRClient;
  /** The account that owns the registry. */
  readonly registryId: string;
  /** How many calls run at once; 32 by default. */
  readonly concurrency?: number;
  /** Downloads image configurations; the global `fetch` by default. */
  readonly fetch?: typeof fetch;
  /** Waits before throttled calls are made again; real time by default. */
  readonly wait?: PacerOptions["wait"];
}

export interface HeadReader {
  /**
   * Reads the heads behind all sources. The result has one reading for each image; what goes wrong with one of them is
   * its own reading and nobody else's. A head whose digest equals the known one is the known head, at the price of
   * its share in one `BatchGetImage`; for the others push time and commit are read as well.
   *
   * When the signal ends the read, the images that were not read by then are unreadable with the code `aborted`.
   * @throws EcrTagDiffError `duplicate-image` for two sources of one image.
   */
  readHeads(
    sources: readonly HeadSource[],
    known: Readonly<Record<string, Head>>,
    signal?: AbortSignal,
  ): Promise<Readonly<Record<string, HeadReading>>>;
}

/**
 * Makes a reader of the heads in one registry.
 *
 * @example
 * ```ts
 * const reader = createHeadReader({ client: new ECRClient({ region }), registryId: "111111111111" });
 * const heads = await reader.readHeads([{ image: "web", repository: "web", tag: "staging" }], {});
 * ```
 * @throws EcrTagDiffError `registry-invalid` where the registry is no account id.
 */
export function createHeadReader(options: HeadReaderOptions): HeadReader {
  const { client, registryId, concurrency = 32, fetch: download = fetch, wait } = options;
  if (!/^\d{12}$/.test(registryId)) {
    throw new EcrTagDiffError({
      code: "registry-invalid",
      message: "a registry is named by the account that owns it",
      expected: "a 12-digit account id",
      found: registryId,
    });
  }
  const tries = new Map<string, Tries>();

  async function readHeads(
    sources: readonly HeadSource[],
    known: Readonly<Record<string, Head>>,
    signal?: AbortSignal,
  ): Promise<Readonly<Record<string, HeadReading>>> {
    checkSources(sources);
    const session = { client, registryId, fetch: download, signal, pace: createPacer({ concurrency, signal, wait }) };
    const seen = await readDigests(session, sources);
    const readings = await Promise.all(
      seen.map(async (one) => [one.source.image, await readHead(session, one, known)] as const),
    );
    return Object.fromEntries(readings);
  }

  async function readHead(
    session: RegistrySession,
    seen: SeenDigest,
    known: Readonly<Record<string, Head>>,
  ): Promise<HeadReading> {
    const { image } = seen.source;
    const diff = diffHead(image, known, seen.reading);
    switch (diff.kind) {
      case "unchanged":
        tries.delete(image);
        return { kind: "head", head: diff.head };
      case "absent":
        return { kind: "absent", missing: diff.missing };
      case "unreadable":
        return { kind: "unreadable", code: diff.code, message: diff.message };
      case "moved":
      case "appeared":
        return readNewHead(session, seen, diff.to);
    }
  }

  async function readNewHead(session: RegistrySession, seen: SeenDigest, digest: ImageDigest): Promise<HeadReading> {
    const { image, repository } = seen.source;
    const failures = failuresOf(tries.get(image), digest);
    const found = { repository, digest, manifest: seen.manifest };
    try {
      const head = await describeHead(session, found, { patient: failures < patientReads });
      return { kind: "head", head };
    } catch (error) {
      if (!(error instanceof EcrTagDiffError)) throw error;
      if (error.code !== "aborted") tries.set(image, { digest, failures: failures + 1 });
      return toUnreadable(error);
    }
  }

  return { readHeads };
}

/** How often a digest's push time or commit could not be read. */
interface Tries {
  readonly digest: ImageDigest;
  readonly failures: number;
}

function failuresOf(tries: Tries | undefined, digest: ImageDigest): number {
  return tries?.digest === digest ? tries.failures : 0;
}

function checkSources(sources: readonly HeadSource[]): void {
  const images = new Set<string>();
  for (const { image } of sources) {
    if (images.has(image)) {
      throw new EcrTagDiffError({ code: "duplicate-image", message: "two sources for one image", found: image });
    }
    images.add(image);
  }
}
