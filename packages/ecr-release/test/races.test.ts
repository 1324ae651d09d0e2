import { describe, expect, it } from "vitest";
import { commitOf, digestOf, openRepository } from "./open-repository.ts";
import { answering } from "./transports.ts";

/** Lets the calls of all releases through one by one, in an order that the seed alone decides. */
function interleave(seed: number) {
  const waiting: (() => void)[] = [];
  const resting = new Set<{ left: number; readonly wake: () => void }>();
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    transport: answering(async (call) => {
      await new Promise<void>((resolve) => void waiting.push(resolve));
      return call.send();
    }),
    /** A call takes some 50 ms; so many of the others' go by meanwhile. */
    wait: (ms: number) => new Promise<void>((wake) => void resting.add({ left: ms / 50, wake })),
    async run<T>(work: Promise<T>): Promise<T> {
      let ended = false;
      const done = work.finally(() => {
        ended = true;
      });
      while (!ended) {
        for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        for (const rest of resting) {
          rest.left -= 1;
          if (rest.left <= 0 && resting.delete(rest)) rest.wake();
        }
        waiting.splice(Math.floor(next() * waiting.length), 1)[0]?.();
      }
      return done;
    },
  };
}

async function race(seed: number, before: number, images: readonly number[]) {
  const repository = openRepository();
  repository.fill(before);
  for (const image of new Set(images)) if (image > before) repository.push(image);
  const { transport, wait, run } = interleave(seed);
  const work = images.map((image) =>
    repository.release({ image: { digest: digestOf(image) }, commit: commitOf(image) }, { transport, wait }),
  );
  return { ...repository, outcomes: await run(Promise.all(work)) };
}

describe("two releases to one area at once", () => {
  it.each([
    ["of two new images", 12, [50, 51]],
    ["of a new image and the head before", 12, [50, 11]],
    ["of a new image and a head of long ago", 12, [50, 3]],
    ["into an area that never had one", 0, [50, 51]],
  ])("%s end with one of them as the head and no head lost", async (_, before, images) => {
    const kinds = new Set<string>();

    for (let seed = 1; seed <= 30; seed += 1) {
      const { outcomes, tags, kept } = await race(seed, before, images);
      const digests = images.map(digestOf);
      const head = tags()["staging"] ?? "";
      expect(digests).toContain(head);
      const latest = Array.from({ length: Math.min(before, 9) }, (_, ago) => digestOf(before - ago));
      const last = [...new Set([head, ...digests, ...latest])].slice(0, 10);
      const lost = last.filter((digest) => digest !== head && !kept().includes(digest));
      expect({ seed, lost }).toEqual({ seed, lost: [] });
      const won = outcomes.find(({ digest }) => digest === head);
      expect(won).toMatchObject({ kind: "released", head });
      for (const { kind } of outcomes) kinds.add(kind);
    }

    expect([...kinds].sort()).toEqual(["overtaken", "released"]);
  });

  it("of the same image are one release", async () => {
    for (let seed = 1; seed <= 15; seed += 1) {
      const { outcomes, tags, kept } = await race(seed, 2, [50, 50]);

      expect(tags()["staging"]).toBe(digestOf(50));
      expect(kept().slice(0, 4)).toEqual([digestOf(50), digestOf(2), digestOf(1), null]);
      expect(outcomes.every(({ head }) => head === digestOf(50))).toBe(true);
    }
  });
});
