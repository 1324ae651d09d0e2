import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GitHubTask, WritePermit } from "../src/index.ts";
import { aFailure, again, aSuccess, aTask, type OpenGitHub, openGitHub, sha, unlimited } from "./open-github.ts";

let github: OpenGitHub;
beforeEach(() => {
  github = openGitHub();
});
afterEach(() => {
  expect(github.github.violations()).toEqual([]);
});

/** So many writes, and no more. */
function writesLeft(count: number): WritePermit {
  let left = count;
  return {
    signal: new AbortController().signal,
    mayWrite() {
      left -= 1;
      return left >= 0;
    },
  };
}

const second = "20261124t031500z-43" as never;
const reopening = () =>
  aTask(aFailure({ deployment: second }), { issue: { want: "open", number: 1, mayExist: false } });
const mending = (number: number | null) => () =>
  aTask(aSuccess({ deployment: second }), { issue: { want: "closed", number, mayExist: false } });

/** What there is of each kind, however it came to be. */
function seen() {
  const { repo } = github;
  return {
    checks: repo.checkRuns().map(({ externalId, conclusion }) => [externalId, conclusion]),
    deployments: repo.deployments().map(({ statuses }) => statuses.map(({ state }) => state)),
    issues: repo.issues().map(({ state, comments }) => [state, comments.length]),
  };
}

async function deliverWhole(task: GitHubTask) {
  await github.notifier.deliver(aTask(aFailure()), unlimited());
  await github.notifier.deliver(task, unlimited());
  return seen();
}

describe("a permit that ends", () => {
  it.each([
    ["a repeated failure", reopening],
    ["a success whose issue is known", mending(1)],
    ["a success whose issue must be looked for", mending(null)],
  ])("after any number of writes of %s leaves the rest for later, and nothing comes twice", async (_story, taskOf) => {
    const whole = await deliverWhole(taskOf());
    for (let writes = 0; writes < 6; writes += 1) {
      github = openGitHub();
      await github.notifier.deliver(aTask(aFailure()), unlimited());
      const cut = await github.notifier.deliver(taskOf(), writesLeft(writes));
      await github.newNotifier().deliver(again(taskOf(), cut), unlimited());

      expect(seen(), `after ${writes} writes`).toEqual(whole);
      expect(github.github.violations()).toEqual([]);
    }
  });

  it("tells the id and the commit of what was made before it ended", async () => {
    const cut = await github.notifier.deliver(aTask(aFailure({ commit: sha.slice(0, 9) })), writesLeft(1));

    expect(cut).toMatchObject({ sha, issue: { kind: "unreached" }, check: { kind: "unreached" } });
    expect(cut.deployment).toMatchObject({
      kind: "failed",
      id: github.repo.deployments()[0]?.id,
      trouble: { scope: "place", permanent: false },
    });
  });

  it("before anything was asked for costs no request", async () => {
    const permit = { signal: AbortSignal.abort(), mayWrite: () => true };

    expect(await github.notifier.deliver(aTask(aFailure()), permit)).toEqual({
      sha,
      deployment: { kind: "unreached" },
      issue: { kind: "unreached" },
      check: { kind: "unreached" },
      movedTo: null,
    });
    expect(github.sandbox.calls.count()).toEqual({});
  });

  it("while a request is under way ends that, and what was sent may be there", async () => {
    const controller = new AbortController();
    const notifier = github.newNotifier({
      fetch(input, init) {
        if (String(input).endsWith("/issues")) controller.abort();
        return github.sandbox.fetch(input, init);
      },
    });
    const cut = await notifier.deliver(aTask(aFailure()), { signal: controller.signal, mayWrite: () => true });

    expect(cut).toMatchObject({
      deployment: { kind: "failed", id: github.repo.deployments()[0]?.id },
      issue: { kind: "failed", id: null, trouble: { code: "unreachable", permanent: false } },
      check: { kind: "unreached" },
    });
  });
});
