import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AreaTags, keepsAll, planHead, planMove, planPast, recallHeads, type TagPut } from "./plan-area.ts";
import { keepTags, pastHeads } from "./release-tags.ts";

const names = { area: "staging", tag: "staging" };

/** A repository's tags, and every head that the area has had, the latest last. */
interface Model {
  readonly tags: ReadonlyMap<string, string>;
  readonly history: readonly string[];
}

const empty: Model = { tags: new Map(), history: [] };

function tagsOf({ tags }: Model): AreaTags {
  return { head: tags.get(names.tag) ?? null, kept: keepTags(names.area).map((tag) => tags.get(tag) ?? null) };
}

function apply(model: Model, { tag, digest }: TagPut): Model {
  const tags = new Map([...model.tags, [tag, digest]]);
  return { tags, history: tag === names.tag ? [...model.history, digest] : model.history };
}

/** What a release does: nothing but `planHead` where the area has the digest already. */
function plan(model: Model, digest: string): readonly TagPut[] {
  const tags = tagsOf(model);
  return tags.head === digest ? planHead(names, tags, digest) : planMove(names, tags, digest);
}

/** The last ten different heads, the latest first. */
function lastHeads({ history }: Model): readonly string[] {
  return [...new Set(history.toReversed())].slice(0, 10);
}

const digest = fc.integer({ min: 0, max: 14 }).map((number) => `sha256:${number}`);

describe("the keep- tags of an area", () => {
  it("hold the last ten different heads at every moment, whatever is released and wherever it is broken off", () => {
    const attempt = fc.record({ digest, brokenOffAfter: fc.option(fc.nat(12), { nil: Number.POSITIVE_INFINITY }) });

    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 40 }), (attempts) => {
        let model = empty;
        for (const { digest, brokenOffAfter } of attempts) {
          for (const put of plan(model, digest).slice(0, brokenOffAfter)) {
            model = apply(model, put);
            const kept = tagsOf(model).kept;
            const unkept = lastHeads(model).filter((head) => !kept.includes(head));
            expect(unkept).toEqual([]);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("say how many heads ago each was, once the head is left", () => {
    fc.assert(
      fc.property(fc.array(digest, { minLength: 1, maxLength: 40 }), (digests) => {
        const model = digests.reduce((before, next) => plan(before, next).reduce(apply, before), empty);
        const { head, kept } = tagsOf(model);
        const left = { ...model, history: model.history.slice(0, -1) };

        expect(head).toBe(digests.at(-1));
        expect(kept[0]).toBe(head);
        expect(kept.slice(1).filter((past) => past !== null)).toEqual(lastHeads(left));
      }),
    );
  });

  it("are put at most once each, before the area's tag", () => {
    fc.assert(
      fc.property(fc.array(digest, { minLength: 1, maxLength: 40 }), (digests) => {
        digests.reduce((before, next) => {
          const puts = plan(before, next);
          expect(new Set(puts.map(({ tag }) => tag)).size).toBe(puts.length);
          expect(puts.findIndex(({ tag }) => tag === names.tag)).toBe(puts.length - 1);
          return puts.reduce(apply, before);
        }, empty);
      }),
    );
  });

  it("need nothing more once a release has come to its end", () => {
    fc.assert(
      fc.property(fc.array(digest, { minLength: 1, maxLength: 40 }), (digests) => {
        const model = digests.reduce((before, next) => plan(before, next).reduce(apply, before), empty);

        expect(plan(model, digests.at(-1) ?? "")).toEqual([]);
      }),
    );
  });
});

describe("recallHeads", () => {
  const kept = (past: readonly string[]) => ["now", ...past];

  it("puts back what another release has overwritten, behind what came since", () => {
    const tags = { head: "now", kept: kept(["new", "b"]) };

    expect(recallHeads(["a", "b", "c"], tags, "now")).toEqual(["new", "a", "b", "c"]);
  });

  it("begins with a head that is another than the one that was released", () => {
    expect(recallHeads([], { head: "other", kept: kept(["a"]) }, "mine")).toEqual(["other", "a"]);
  });

  it("knows none where there are no tags", () => {
    expect(recallHeads([], { head: null, kept: [null, null] }, "mine")).toEqual([]);
  });
});

describe("planPast", () => {
  it("starts at the oldest, leaves what is right, and keeps no more than ten", () => {
    const heads = Array.from({ length: 12 }, (_, index) => `head-${index}`);
    const tags = { head: null, kept: [null, "head-0", ...heads.slice(0, 9)] };

    const puts = planPast(names, tags, heads);

    expect(puts.map(({ tag }) => tag)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2].map((ago) => `keep-staging-${ago}`));
    expect(puts.at(0)).toEqual({ tag: "keep-staging-10", digest: "head-9" });
  });
});

describe("keepsAll", () => {
  const many = Array.from({ length: pastHeads + 1 }, (_, index) => `head-${index}`);

  it.each([
    ["all of them", many, many.slice(0, pastHeads), true],
    ["all in another order", ["a", "b"], ["b", null, "a"], true],
    ["but one", ["a", "b"], ["a", null], false],
  ])("tells whether the past heads are there: %s", (_, heads, past, expected) => {
    expect(keepsAll({ head: null, kept: ["a", ...past] }, heads)).toBe(expected);
  });
});
