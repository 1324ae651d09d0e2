import type { GitHubDelivery, GitHubTask } from "../src/index.ts";
import { aFailure, again, aReport, aSuccess, aTask, type OpenGitHub } from "./open-github.ts";

/** Delivers a task as one tick does. Every tick may be another process. */
export type Deliver = (task: GitHubTask) => Promise<GitHubDelivery>;
export type Story = (github: OpenGitHub, deliver: Deliver) => Promise<void>;

interface Made {
  readonly sha: string | null;
  readonly check: number | null;
  readonly deployment: number | null;
  readonly issue: number | null;
}

/** Delivers until everything is shown, as ticks do: what may be there is looked for. */
async function deliverAll({ clock }: OpenGitHub, deliver: Deliver, first: GitHubTask): Promise<Made> {
  let task = first;
  let made: Made = { sha: null, check: null, deployment: null, issue: null };
  for (let round = 0; round < 4; round += 1) {
    const delivery = await deliver(task);
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

/** Whatever is told of an id: of what is there although it is not shown, too. */
function idOf(place: GitHubDelivery["issue"]): number | null {
  return place?.kind === "shown" || place?.kind === "failed" ? place.id : null;
}

const failure: Story = async (github, deliver) => {
  const shown = await deliverAll(github, deliver, aTask(aReport()));
  const { sha, check, deployment } = shown;
  const known = {
    sha,
    check: { id: check, mayExist: false },
    deployment: { id: deployment, mayExist: false, retire: null },
  };
  await deliverAll(github, deliver, aTask(aFailure(), known));
};

/** A failure, and what the image's next deployment does to its issue. */
function followedBy(next: typeof aFailure, want: "open" | "closed"): Story {
  return async (github, deliver) => {
    const { issue: number } = await deliverAll(github, deliver, aTask(aFailure()));
    const report = next({ deployment: "20261124t031500z-43" as never });
    await deliverAll(github, deliver, aTask(report, { issue: { want, number, mayExist: false } }));
  };
}

export const stories = [
  { title: "a failure", story: failure },
  { title: "a repeated failure", story: followedBy(aFailure, "open") },
  { title: "a failure and its mending", story: followedBy(aSuccess, "closed") },
] as const;

/** What there is of each kind: everything once, whatever happened on the way. */
export function countsOf({ repo }: OpenGitHub) {
  return {
    checks: repo.checkRuns().map(({ externalId }) => externalId),
    deployments: repo
      .deployments()
      .map(({ payload }) => (payload as { windlass: { deployment: string } }).windlass.deployment),
    issues: repo.issues().map(({ state, comments }) => `${state} ${comments.length}`),
  };
}

/** Plays a story for each number from 1 on; each has a GitHub of its own, and little of it is work. */
export async function atOnce(count: number, play: (at: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => play(index + 1)));
}
