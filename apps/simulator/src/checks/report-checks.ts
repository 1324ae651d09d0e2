import type { Deployment, Ledger } from "@windlass/deployment";
import type { GitHubWeather } from "../actors/github-weather.ts";
import type { Sim } from "../core/sim.ts";
import { readRecord } from "../world/bucket.ts";
import { deploymentOf } from "./shown-checks.ts";

/** Holds what GitHub shows against the ledger, whenever it changes. */
export function watchReports(sim: Sim, github: GitHubWeather): void {
  sim.sandbox.github.onChange(({ kind, what, id, repository }) => {
    const image = imageOf(sim, github, repository);
    if (image === null) return;
    sim.tell(`GitHub, ${image}: ${kind} ${id} ${what}`);
    const there = github.repository(image);
    if (kind === "check") {
      const runs = there.checkRuns();
      const run = runs.find((one) => one.id === id);
      if (run === undefined) return;
      const same = runs.filter((one) => one.externalId === run.externalId).length;
      sim.checks.expect("S12", same === 1, () => `${run.externalId} has ${same} check runs`);
      if (run.conclusion === "success") expectSucceeded(sim, run.externalId);
    } else if (kind === "deployment" || kind === "deployment-status") {
      const all = there.deployments();
      const one = all.find((other) =>
        kind === "deployment" ? other.id === id : other.statuses.some((status) => status.id === id),
      );
      const deployment = one === undefined ? null : deploymentOf(one.payload);
      if (one === undefined || deployment === null) return;
      const same = all.filter((other) => deploymentOf(other.payload) === deployment).length;
      sim.checks.expect("S12", same === 1, () => `${deployment} has ${same} deployments on GitHub`);
      if (one.statuses.at(-1)?.state === "success") expectSucceeded(sim, deployment);
    } else if (kind === "issue") {
      const open = there
        .issues()
        .filter(({ state, deleted, author }) => state === "open" && !deleted && author.endsWith("[bot]"));
      sim.checks.expect("S12", open.length <= 1, () => `${image} has ${open.length} open issues`);
    }
  });
}

function imageOf(sim: Sim, github: GitHubWeather, fullName: string): string | null {
  return sim.scenario.images.find(({ name }) => github.repository(name).fullName === fullName)?.name ?? null;
}

/** GitHub never says more than the ledger does. */
function expectSucceeded(sim: Sim, id: string): void {
  const known = readRecord<Ledger>(sim, "ledger.json")?.deployments[id]?.state ?? stateInHistory(sim, id);
  sim.checks.expect("S13", known === "succeeded", () => `GitHub shows ${id} as a success, and it is ${known}`);
}

function stateInHistory(sim: Sim, id: string): string | null {
  const key = `history/${id.slice(0, 4)}/${id.slice(4, 6)}/${id}.json`;
  return readRecord<{ readonly deployment: Deployment }>(sim, key)?.deployment.state ?? null;
}
