import { describe, expect, it } from "vitest";
import { commitOf, digestOf, type OpenRepository, openRepository } from "./open-repository.ts";
import { answering, lostConnection, readsArea } from "./transports.ts";

/** Breaks the nth call: before its effect, after it, or with the process that made it. */
function breaking(nth: number, how: "before" | "after" | "dying") {
  let broke = false;
  const transport = answering(async (call) => {
    if (how === "dying" ? call.nth < nth : call.nth !== nth) return call.send();
    broke = true;
    if (how === "after") await call.send();
    throw lostConnection();
  });
  return { transport, broke: () => broke };
}

const heads = 12;

/** An area that has had twelve heads, all its places taken. */
function openFull(): OpenRepository {
  const repository = openRepository();
  repository.fill(heads);
  repository.push(99);
  return repository;
}

const scenarios: readonly (readonly [string, number])[] = [
  ["a new image", 99],
  ["an image that was the head before", heads - 1],
  ["an image that was the head long ago", 3],
  ["the image that is the head", heads],
];

describe.each(scenarios)("a release of %s", (_, number) => {
  const request = { image: { digest: digestOf(number) }, commit: commitOf(number) };

  it.each(["before", "after", "dying"] as const)(
    "that breaks %s any of its calls loses no head, and its repetition ends as if it had not",
    async (how) => {
      const smooth = openFull();
      const expected = (await smooth.release(request)).head;
      const calls: number[] = [];

      for (let nth = 1; ; nth += 1) {
        const repository = openFull();
        const { transport, broke } = breaking(nth, how);
        const outcome = await repository.release(request, { transport }).catch((error: unknown) => error);
        if (!broke()) break;
        calls.push(nth);
        expect(outcome).toMatchObject({ code: "registry-unreachable", retryable: true });
        const past = Array.from({ length: 10 }, (_, ago) => digestOf(heads - ago));
        const lastTen = repository.tags()["staging"] === digestOf(number) ? [digestOf(number), ...past] : past;
        expect([...new Set(lastTen)].slice(0, 10).filter((digest) => !repository.kept().includes(digest))).toEqual([]);

        const repeated = await repository.release(request);

        expect(repeated.head).toBe(expected);
        expect(repository.tags()).toEqual(smooth.tags());
        expect(await repository.release(request)).toMatchObject({ kind: "unchanged", changes: [] });
      }
      expect(calls.length).toBeGreaterThanOrEqual(7);
    },
  );
});

describe("a release whose tag is not shown yet", () => {
  /** After the move, answers so many readings of the area with what was there before it. */
  function stale(readings: number) {
    let before: string | undefined;
    let hasMoved = false;
    let left = readings;
    return answering(async (call) => {
      const answer = await call.send();
      if (call.action === "PutImage" && call.input["imageTag"] === "staging") hasMoved = true;
      if (!readsArea(call)) return answer;
      if (!hasMoved) before = answer;
      else left -= 1;
      return hasMoved && left >= 0 && before !== undefined ? before : answer;
    });
  }

  it("looks again until it is, and puts nothing twice", async () => {
    const { release, push, tags, sandbox, clock } = openRepository();
    await release({ image: { digest: push(1) } });
    const image = { digest: push(2) };
    sandbox.calls.clear();
    const before = clock.now();

    const released = await release({ image, commit: commitOf(2) }, { transport: stale(3) });

    expect(released).toMatchObject({ kind: "released", from: digestOf(1), head: digestOf(2) });
    expect(tags()["staging"]).toBe(digestOf(2));
    expect(sandbox.calls.count()["ecr:PutImage"]).toBe(released.changes.length);
    expect(clock.now() - before).toBe(200 + 400 + 800);
  });

  it("says so where it never is", async () => {
    const { release, push } = openRepository();
    await release({ image: { digest: push(1) } });

    const released = release({ image: { digest: push(2) }, commit: commitOf(2) }, { transport: stale(100) });

    await expect(released).rejects.toMatchObject({ code: "not-verified", retryable: true, expected: digestOf(2) });
  });
});
