import { describe, expect, it } from "vitest";
import type { GitHubDelivery, GitHubTask } from "../src/index.ts";
import { aFailure, again, aReport, aSuccess, aTask, type OpenGitHub, openGitHub, unlimited } from "./open-github.ts";

type Story = (github: OpenGitHub) => Promise<void>;

interface Made {
  readonly sha: string | null;
  readonly check: number | null;
  readonly deployment: number | null;
  readonly issue: number | null;
}

/** Delivers until everything is shown, as ticks do: what may be there is looked for. Every tick may be another process. */
async function deliverAll({ newNotifier, clock }: OpenGitHub, first: GitHubTask): Promise<Made> {
  let task = first;
  let made: Made = { sha: null, check: null, deployment: null, issue: null };
  for (let round = 0; round < 4; round += 1) {
    const delivery = await newNotifier().deliver(task, unlimited());
    const { sha, check, deployment, issue } = delivery;
    made = {
      sha,
      check: idOf(check) ?? made.check,
      deployment: idOf(deployment) ?? made.deployment,
      issue: idOf(issue) ?? made.issue,
    };
    task = again(task, delivery);
    if (task.check === null && task.deployment === null && task.issue === null) return made;
    await clock.advance(60_000);
  }
  throw new Error("it was never shown");
}

function idOf(place: GitHubDelivery["issue"]): number | null {
  return place?.kind === "shown" ? place.id : null;
}

const failure: Story = async (github) => {
  const shown = await deliverAll(github, aTask(aReport()));
  const { sha, check, deployment } = shown;
  const known = {
    sha,
    check: { id: check, mayExist: false },
    deployment: { id: deployment, mayExist: false, retire: null },
  };
  await deliverAll(github, aTask(aFailure(), known));
};

/** A failure, and what the image's next deployment does to its issue. */
function followedBy(next: typeof aFailure, want: "open" | "closed"): Story {
  return async (github) => {
    const { issue: number } = await deliverAll(github, aTask(aFailure()));
    const report = next({ deployment: "20261124t031500z-43" as never });
    await deliverAll(github, aTask(report, { issue: { want, number, mayExist: false } }));
  };
}

const repeated = followedBy(aFailure, "open");
const mended = followedBy(aSuccess, "closed");

/** GitHub while the request of that number (from 1) goes wrong; with 0 only counts. */
async function play(story: Story, at: number, kind: "error-before" | "error-after") {
  const github = openGitHub();
  let seen = 0;
  github.sandbox.faults.add({
    kind,
    service: "github",
    code: kind === "error-before" ? "ECONNRESET" : undefined,
    match: () => {
      seen += 1;
      return seen === at;
    },
  } as Parameters<typeof github.sandbox.faults.add>[0]);
  await story(github);
  return { github, seen };
}

function countsOf({ repo }: OpenGitHub) {
  return {
    checks: repo.checkRuns().map(({ externalId }) => externalId),
    deployments: repo
      .deployments()
      .map(({ payload }) => (payload as { windlass: { deployment: string } }).windlass.deployment),
    issues: repo.issues().map(({ state, comments }) => `${state} ${comments.length}`),
  };
}

describe.each([
  ["a failure", failure],
  ["a repeated failure", repeated],
  ["a failure and its mending", mended],
])("%s", (_name, story) => {
  it.each(["error-before", "error-after"] as const)("is shown once when any one request fails by %s", async (kind) => {
    const clean = await play(story, 0, kind);
    const wanted = countsOf(clean.github);
    expect(clean.seen).toBeGreaterThan(7);

    for (let at = 1; at <= clean.seen; at += 1) {
      const { github } = await play(story, at, kind);

      expect(countsOf(github), `request ${at} of ${clean.seen}`).toEqual(wanted);
      expect(github.github.violations()).toEqual([]);
    }
  });
});
