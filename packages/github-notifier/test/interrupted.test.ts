import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { GitHubDelivery, WritePermit } from "../src/index.ts";
import { aFailure, again, aReport, aTask, openGitHub, owner, sha, unlimited } from "./open-github.ts";
import { atOnce, countsOf, type Story, stories } from "./stories.ts";

/** Whatever is queued comes to its turn an hour later. */
const SLOW = { writeMs: 60 * 60_000, notifyMs: 60 * 60_000, retryMs: 0 };
const names = ["one", "two", "three", "four", "five"];

/** Deliveries to several repositories at once, through one notifier's queue, of which the first write alone is sent. */
function openQueue(permit: WritePermit) {
  const github = openGitHub();
  for (const name of names) github.github.createRepository(owner, name, { commits: [sha] });
  const sent: string[] = [];
  let answered = 0;
  const notifier = github.newNotifier({
    pace: SLOW,
    async fetch(input, init) {
      const isWrite = init?.method !== "GET" && !String(input).endsWith("/access_tokens");
      if (isWrite) sent.push(String(input));
      const response = await github.sandbox.fetch(input, init);
      if (isWrite) answered += 1;
      return response;
    },
  });
  const deliveries = Promise.all(
    names.map((repository) => notifier.deliver({ ...aTask(aFailure()), repository }, permit)),
  );
  /** Tokens are there, so that all that is left to wait for is the queue. Advances the clock by less than a minute. */
  const queued = async () => {
    const tokens = () => github.sandbox.calls.count()["github:apps/create-installation-access-token"];
    await vi.waitFor(() => expect([tokens(), answered]).toEqual([names.length, 1]), { interval: 5, timeout: 8_000 });
    await vi.advanceTimersByTimeAsync(1_000);
  };
  return { deliveries, queued, sent };
}

describe("while writes wait in the queue", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
  afterEach(() => void vi.useRealTimers());

  const unreached = { check: { kind: "unreached" }, issue: { kind: "unreached" }, deployment: { kind: "unreached" } };

  function expectFirstOnly(deliveries: readonly GitHubDelivery[]): void {
    const [first, ...others] = deliveries.toSorted(
      (one, other) => Number(one.deployment?.kind === "unreached") - Number(other.deployment?.kind === "unreached"),
    );
    expect(first?.deployment).toMatchObject({ kind: "failed", id: expect.any(Number), trouble: { scope: "place" } });
    for (const other of others) expect(other).toMatchObject(unreached);
  }

  it("the permit's end frees all who wait at once, and what waits is never sent", async () => {
    const controller = new AbortController();
    const { deliveries, queued, sent } = openQueue({ signal: controller.signal, mayWrite: () => true });
    await queued();
    controller.abort();

    expectFirstOnly(await deliveries);
    await vi.advanceTimersByTimeAsync(20 * SLOW.writeMs);
    expect(sent).toHaveLength(1);
  });

  it("what may not be written any more when its turn comes is not sent", async () => {
    let isOpen = true;
    const { deliveries, queued, sent } = openQueue({
      signal: new AbortController().signal,
      mayWrite: () => isOpen,
    });
    await queued();
    isOpen = false;
    await vi.advanceTimersByTimeAsync(20 * SLOW.writeMs);

    expectFirstOnly(await deliveries);
    expect(sent).toHaveLength(1);
  });
});

it("the permit's end frees who waits for the secret", async () => {
  const controller = new AbortController();
  const asked = Promise.withResolvers<void>();
  const notifier = openGitHub().newNotifier({
    loadCredentials() {
      asked.resolve();
      return new Promise(() => {});
    },
  });
  const delivery = notifier.deliver(aTask(aReport()), { signal: controller.signal, mayWrite: () => true });
  await asked.promise;
  controller.abort();

  expect(await delivery).toMatchObject({ deployment: { kind: "unreached" }, check: { kind: "unreached" } });
});

it("the permit's end during a read leaves the place as it was, and says nothing against GitHub", async () => {
  const controller = new AbortController();
  const github = openGitHub();
  const notifier = github.newNotifier({
    fetch(input, init) {
      if (String(input).includes("/deployments?")) controller.abort();
      return github.sandbox.fetch(input, init);
    },
  });
  const task = aTask(aReport(), { deployment: { id: null, mayExist: true, retire: null } });

  expect(await notifier.deliver(task, { signal: controller.signal, mayWrite: () => true })).toMatchObject({
    deployment: { kind: "unreached" },
    check: { kind: "unreached" },
  });
});

/** The permit ends while the write of that number (from 1) is under way; with 0 they are only counted. */
async function play(story: Story, at: number, isDone: boolean) {
  const github = openGitHub();
  let seen = 0;
  let controller = new AbortController();
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const isWrite = init?.method !== "GET" && !String(input).endsWith("/access_tokens");
    seen += isWrite ? 1 : 0;
    if (!isWrite || seen !== at) return github.sandbox.fetch(input, init);
    // The signal stays with the sender: what was sent has its effect.
    if (isDone) await github.sandbox.fetch(input, { ...init, signal: null });
    controller.abort();
    throw new DOMException("This operation was aborted", "AbortError");
  };
  const interrupted: GitHubDelivery[] = [];
  await story(github, async (task) => {
    controller = new AbortController();
    const permit = { signal: controller.signal, mayWrite: () => true };
    const delivery = await github.newNotifier({ fetch }).deliver(task, permit);
    if (controller.signal.aborted) interrupted.push(delivery);
    return delivery;
  });
  return { github, seen, interrupted };
}

describe.each(stories)("$title", ({ story }) => {
  it.each([true, false])("is shown once when the permit ends during any one write (done: %s)", async (isDone) => {
    const clean = await play(story, 0, isDone);
    const wanted = countsOf(clean.github);
    await atOnce(clean.seen, async (at) => {
      const { github, interrupted } = await play(story, at, isDone);

      expect(countsOf(github), `write ${at} of ${clean.seen}`).toEqual(wanted);
      expect(interrupted).toHaveLength(1);
      const [cut] = interrupted;
      const failed = [cut?.check, cut?.deployment, cut?.issue].filter((place) => place?.kind === "failed");
      expect(failed[0]).toMatchObject({ trouble: { code: "unreachable", scope: "place", permanent: false } });
      expect(github.github.violations()).toEqual([]);
    });
  });
});

it("the permit's end during a refusal's explanation does not make it one for good", async () => {
  const controller = new AbortController();
  const github = openGitHub();
  github.repo.archive();
  const notifier = github.newNotifier({
    fetch(input, init) {
      if (init?.method === "GET" && String(input).endsWith("/dga-web")) controller.abort();
      return github.sandbox.fetch(input, init);
    },
  });
  const task = aTask(aFailure());
  const delivery = await notifier.deliver(task, { signal: controller.signal, mayWrite: () => true });

  expect(delivery.deployment).toMatchObject({ kind: "failed", trouble: { permanent: false } });
  expect(await github.notifier.deliver(again(task, delivery), unlimited())).toMatchObject({
    deployment: { trouble: { code: "repository-archived", permanent: true } },
  });
});
