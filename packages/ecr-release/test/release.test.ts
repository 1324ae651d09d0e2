import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commitTag, timeTag } from "../src/index.ts";
import { commitOf, digestOf, name, openRepository, started } from "./open-repository.ts";

describe("a release", () => {
  it("names the image, keeps it, and moves the area's tag last", async () => {
    const { push, release, tags } = openRepository();
    const digest = push(1);

    const released = await release({ image: { digest } });

    expect(released).toEqual({
      kind: "released",
      digest,
      from: null,
      head: digest,
      changes: [
        { tag: commitTag(commitOf(0)), digest },
        { tag: timeTag(new Date(started), commitOf(0)), digest },
        { tag: "keep-staging-0", digest },
        { tag: "staging", digest },
      ],
    });
    expect(Object.keys(tags())).toEqual(["build-1", ...released.changes.map(({ tag }) => tag)].sort());
  });

  it("of the same image again changes nothing, and puts nothing", async () => {
    const { push, release, tags, sandbox, actions, clock } = openRepository();
    const digest = push(1);
    await release({ image: { digest } });
    const before = tags();
    sandbox.calls.clear();
    await clock.advance(60_000);

    const again = await release({ image: { digest } });

    expect(again).toEqual({ kind: "unchanged", digest, from: digest, head: digest, changes: [] });
    expect(tags()).toEqual(before);
    expect(actions()).not.toContain("PutImage");
  });

  it("finds the image by the tag that it was pushed with, and goes on by digest", async () => {
    const { push, release, registry, tags } = openRepository();
    const digest = push(1);

    const released = await release({ image: { tag: "build-1" } });

    expect(released).toMatchObject({ kind: "released", digest });
    expect(tags()["staging"]).toBe(digest);
    expect(registry.images(name)).toHaveLength(1);
  });

  it("promotes an image to another area with a tag and what keeps it", async () => {
    const { push, release } = openRepository();
    const digest = push(1);
    await release({ image: { digest } });

    const promoted = await release({ image: { digest }, area: "production", tag: "production" });

    expect(promoted.changes.map(({ tag }) => tag)).toEqual(["keep-production-0", "production"]);
  });

  it("takes an index of images for several platforms", async () => {
    const { registry, release, tags } = openRepository();
    const digest = registry.pushImage({ repository: name, index: ["linux/amd64", "linux/arm64"] });

    await release({ image: { digest } });

    expect(tags()["staging"]).toBe(digest);
  });

  it("works where each area has repositories of its own, by the tag latest", async () => {
    const { push, release, tags } = openRepository("staging/dga-web");
    const digest = push(1);

    const { changes } = await release({ image: { digest }, tag: "latest" });

    expect(changes.map(({ tag }) => tag)).toContain("keep-staging-0");
    expect(tags()["latest"]).toBe(digest);
  });

  it("tells beforehand what it would do, and does not do it", async () => {
    const { push, release, tags } = openRepository();
    push(1);
    await release({ image: { digest: push(2) } });
    const before = tags();

    const planned = await release({ image: { digest: digestOf(1) }, commit: commitOf(1), dryRun: true });
    const dry = tags();
    const { changes } = await release({ image: { digest: digestOf(1) }, commit: commitOf(1) });

    expect(dry).toEqual(before);
    expect(planned).toMatchObject({ kind: "planned", from: digestOf(2), head: digestOf(2), changes });
  });

  it("says of a dry run with nothing to do that there is nothing", async () => {
    const { push, release } = openRepository();
    await release({ image: { digest: push(1) } });

    expect(await release({ image: { digest: digestOf(1) }, dryRun: true })).toMatchObject({ kind: "unchanged" });
  });

  it("adds the time of a build that is told, and leaves the time of one that is not", async () => {
    const { push, release } = openRepository();
    const image = { digest: push(1) };
    const time = new Date("2026-11-01T00:00:00Z");
    await release({ image });

    const told = await release({ image, time, exactTime: true });
    const toldAgain = await release({ image, time, exactTime: true });
    const untold = await release({ image, time: new Date("2026-11-02T00:00:00Z") });

    expect(told.changes.map(({ tag }) => tag)).toEqual([timeTag(time, commitOf(0))]);
    expect([toldAgain.kind, untold.kind]).toEqual(["unchanged", "unchanged"]);
  });

  it("names an image that a second commit was built to by that one, too", async () => {
    const { push, release, clock } = openRepository();
    const image = { digest: push(1) };
    await release({ image });
    await clock.advance(1000);

    const { changes } = await release({ image, commit: commitOf(1) });

    expect(changes.map(({ tag }) => tag)).toEqual([
      commitTag(commitOf(1)),
      timeTag(new Date(started + 1000), commitOf(1)),
    ]);
  });

  it("keeps the last ten different heads of each area, whatever the order of releases", async () => {
    const step = fc.record({ image: fc.integer({ min: 1, max: 13 }), area: fc.constantFrom("staging", "production") });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const { push, release, tags, kept } = openRepository();
        for (const number of new Set(steps.map(({ image }) => image))) push(number);

        for (const { image, area } of steps) {
          await release({ image: { digest: digestOf(image) }, commit: commitOf(image), area, tag: area });
        }

        for (const area of ["staging", "production"]) {
          const heads = steps.filter((one) => one.area === area).map(({ image }) => digestOf(image));
          const last = [...new Set(heads.toReversed())].slice(0, 10);
          expect(tags()[area]).toBe(heads.at(-1));
          expect(last.filter((digest) => !kept(area).includes(digest))).toEqual([]);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("keeps what is live while nothing but newer releases come", async () => {
    const { push, release, kept } = openRepository();
    for (let number = 1; number <= 11; number += 1) {
      await release({ image: { digest: push(number) }, commit: commitOf(number) });
    }

    expect(kept()).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map(digestOf));
    const filled = openRepository();
    filled.fill(11);
    expect(filled.kept()).toEqual(kept());
  });

  it("is 21 calls where all places are taken, one after the other", async () => {
    const { push, fill, release, sandbox } = openRepository();
    fill(12);
    const image = { digest: push(50) };

    await release({ image });

    expect(sandbox.calls.count()).toEqual({
      "sts:GetCallerIdentity": 1,
      "ecr:DescribeImages": 1,
      "ecr:BatchGetImage": 5,
      "ecr:PutImage": 14,
    });
  });

  it("goes one step back by the tag that keeps the head before", async () => {
    const { push, release, kept } = openRepository();
    for (const number of [1, 2, 3]) await release({ image: { digest: push(number) }, commit: commitOf(number) });

    const back = await release({ image: { tag: "keep-staging-1" }, commit: commitOf(2) });

    expect(back).toMatchObject({ kind: "released", digest: digestOf(2), from: digestOf(3) });
    expect(kept().slice(0, 4)).toEqual([2, 3, 2, 1].map(digestOf));
  });
});
