import type { Head, HeadReading, ImageDigest, Unreadable } from "@windlass/deployment";

/** What a tag points at now; the cheap half of a `HeadReading`. */
export type DigestReading =
  | { readonly kind: "digest"; readonly digest: ImageDigest }
  | Extract<HeadReading, { kind: "absent" }>
  | Unreadable;

/** How one image's tag stands against the head that is known. */
export type HeadDiff =
  | { readonly kind: "unchanged"; readonly image: string; readonly head: Head }
  | { readonly kind: "moved"; readonly image: string; readonly from: ImageDigest; readonly to: ImageDigest }
  | { readonly kind: "appeared"; readonly image: string; readonly to: ImageDigest }
  | {
      readonly kind: "absent";
      readonly image: string;
      readonly missing: "tag" | "repository";
      readonly known: ImageDigest | null;
    }
  | { readonly kind: "unreadable"; readonly image: string; readonly code: string; readonly message: string };

/**
 * Compares what was seen with what is known, by digest alone: a re-tag does not move the push time, so a tag that went
 * back to an older digest has moved like any other. One entry for every image that was seen, sorted by name. Images
 * that are only known were not looked for, and nothing is said about them.
 *
 * @example
 * ```ts
 * diffHeads({ web: head }, { web: { kind: "digest", digest } }); // [{ kind: "moved", image: "web", from, to }]
 * ```
 */
export function diffHeads(
  known: Readonly<Record<string, Head>>,
  seen: Readonly<Record<string, DigestReading>>,
): readonly HeadDiff[] {
  return Object.entries(seen)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([image, reading]) => diffHead(image, known, reading));
}

/** One image's part of `diffHeads`. */
export function diffHead(image: string, heads: Readonly<Record<string, Head>>, seen: DigestReading): HeadDiff {
  // Own properties only: an image may be called `constructor`.
  const known = Object.hasOwn(heads, image) ? (heads[image] ?? null) : null;
  switch (seen.kind) {
    case "digest":
      if (known === null) return { kind: "appeared", image, to: seen.digest };
      if (known.digest === seen.digest) return { kind: "unchanged", image, head: known };
      return { kind: "moved", image, from: known.digest, to: seen.digest };
    case "absent":
      return { kind: "absent", image, missing: seen.missing, known: known?.digest ?? null };
    case "unreadable":
      return { kind: "unreadable", image, code: seen.code, message: seen.message };
  }
}
