import type { Head, ImageDigest } from "@windlass/deployment";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DigestReading, diffHeads } from "./diff-heads.ts";

const digests = Array.from({ length: 4 }, (_, index) => `sha256:${String(index).repeat(64)}` as ImageDigest);
const [first, second] = digests as [ImageDigest, ImageDigest];

function head(digest: ImageDigest): Head {
  return { digest, commit: null, pushedAt: null };
}

describe("diffHeads", () => {
  it("calls a tag that went back to an older digest moved like any other", () => {
    const older = { ...head(first), pushedAt: "2026-01-01T00:00:00.000Z" as Head["pushedAt"] };
    const newer = { ...head(second), pushedAt: "2026-11-01T00:00:00.000Z" as Head["pushedAt"] };

    const diffs = [
      ...diffHeads({ web: older }, { web: { kind: "digest", digest: second } }),
      ...diffHeads({ web: newer }, { web: { kind: "digest", digest: first } }),
    ];

    expect(diffs).toEqual([
      { kind: "moved", image: "web", from: first, to: second },
      { kind: "moved", image: "web", from: second, to: first },
    ]);
  });

  it("tells what is missing, and what was there", () => {
    const diffs = diffHeads(
      { web: head(first) },
      { api: { kind: "absent", missing: "repository" }, web: { kind: "absent", missing: "tag" } },
    );

    expect(diffs).toEqual([
      { kind: "absent", image: "api", missing: "repository", known: null },
      { kind: "absent", image: "web", missing: "tag", known: first },
    ]);
  });

  it("says nothing about an image that was not looked for", () => {
    expect(diffHeads({ web: head(first) }, {})).toEqual([]);
  });

  it("is not confused by images that are called like members of every object", () => {
    const seen = Object.fromEntries(
      ["constructor", "__proto__", "toString"].map((image): [string, DigestReading] => [
        image,
        { kind: "digest", digest: first },
      ]),
    );

    expect(diffHeads({}, seen).map((diff) => [diff.image, diff.kind])).toEqual([
      ["__proto__", "appeared"],
      ["constructor", "appeared"],
      ["toString", "appeared"],
    ]);
  });
});

const images = fc.constantFrom("api", "web", "network", "constructor");
const digest = fc.constantFrom(...digests);
const known = fc.dictionary(images, digest.map(head));
const reading: fc.Arbitrary<DigestReading> = fc.oneof(
  digest.map((one) => ({ kind: "digest" as const, digest: one })),
  fc.constantFrom("tag" as const, "repository" as const).map((missing) => ({ kind: "absent" as const, missing })),
  fc.constant({ kind: "unreadable" as const, code: "throttled", message: "too many requests" }),
);
const seen = fc.dictionary(images, reading);

describe("diffHeads, whatever is known and seen", () => {
  it("has exactly one entry for each image that was seen, in the order of their names", () => {
    fc.assert(
      fc.property(known, seen, (heads, readings) => {
        expect(diffHeads(heads, readings).map((diff) => diff.image)).toEqual(Object.keys(readings).sort());
      }),
    );
  });

  it("finds nothing changed once its own result is known", () => {
    fc.assert(
      fc.property(known, seen, (heads, readings) => {
        const learned = { ...heads };
        for (const diff of diffHeads(heads, readings)) {
          if (diff.kind === "moved" || diff.kind === "appeared") learned[diff.image] = head(diff.to);
        }

        const again = diffHeads(learned, readings);

        expect(again.filter((diff) => diff.kind === "moved" || diff.kind === "appeared")).toEqual([]);
      }),
    );
  });

  it("calls a head changed only where a digest was seen that is not the known one", () => {
    fc.assert(
      fc.property(known, seen, (heads, readings) => {
        for (const diff of diffHeads(heads, readings)) {
          const before = Object.hasOwn(heads, diff.image) ? heads[diff.image]!.digest : null;
          const now = readings[diff.image]!;
          const isChange = diff.kind === "moved" || diff.kind === "appeared";
          expect(isChange).toBe(now.kind === "digest" && now.digest !== before);
          expect(diff.kind === "unreadable").toBe(now.kind === "unreadable");
        }
      }),
    );
  });
});
