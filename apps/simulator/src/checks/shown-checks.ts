import type { Deployment, Ledger } from "@windlass/deployment";
import type { GitHubDeploymentView, GitHubRepository } from "@windlass/sandbox";
import type { Sim } from "../core/sim.ts";
import { readRecord } from "../world/bucket.ts";
import { BUCKET } from "../world/names.ts";

/** GitHub's side of the run: see `GitHubWeather`. */
interface GitHub {
  readonly repository: (image: string) => GitHubRepository;
}

/** What a success is: live, and shown as such, or replaced. */
const CONCLUSIONS: Readonly<Record<string, string>> = {
  succeeded: "success",
  cancelled: "cancelled",
  superseded: "skipped",
};
const STATES: Readonly<Record<string, string>> = {
  succeeded: "inactive",
  failed: "failure",
  cancelled: "inactive",
  superseded: "inactive",
};
/** Ends after which the image's issue is open until one succeeds. */
const ALARMING: readonly string[] = ["failed", "unknown", "state-unsaved"];
/** Some of these open it, too: those that nothing follows by itself. */
const INTERRUPTED: readonly string[] = ["lost", "never-started"];

/** Nothing is left to be delivered: then GitHub itself shows each deployment as the history has it. */
export function checkShown(sim: Sim, github: GitHub): void {
  const ledger = readRecord<Ledger>(sim, "ledger.json");
  if (ledger === null) return;
  const ended = readEnded(sim, ledger);
  for (const { name } of sim.scenario.images) {
    const own = ended.filter(({ image }) => image === name);
    const there = github.repository(name);
    const deployments = there.deployments();
    const checks = there.checkRuns();
    for (const deployment of own.filter((one) => isOnGitHub(sim, one))) {
      checkState(sim, ledger, deployment, deployments);
      const run = checks.find(({ externalId }) => externalId === deployment.id);
      const wanted = CONCLUSIONS[deployment.state] ?? "failure";
      sim.checks.expect(
        "L4",
        run?.conclusion === wanted,
        () => `the check run of ${deployment.id}, ${deployment.state}, is ${run?.conclusion ?? "not there"}`,
      );
    }
    checkIssue(sim, { image: name, live: ledger.images[name]?.live?.deployment ?? null, own, there });
  }
}

/** All that were ever launched and have ended. */
function readEnded(sim: Sim, ledger: Ledger): readonly Deployment[] {
  const kept = sim.own.s3.keys(BUCKET, "history/").flatMap((key) => {
    const record = readRecord<{ readonly deployment: Deployment }>(sim, key);
    return record === null ? [] : [record.deployment];
  });
  const all = new Map([...kept, ...Object.values(ledger.deployments)].map((one) => [one.id, one]));
  return [...all.values()].filter(({ endedAt, launchedAt }) => endedAt !== null && launchedAt !== null);
}

/** The ledger knows the commit, the repository has it, and nothing let the report be given up. */
function isOnGitHub({ truth }: Sim, { id, digest, commit }: Deployment): boolean {
  return commit !== null && truth.builds.get(digest)?.onGitHub === true && !truth.givenUp.has(id);
}

function checkState(
  { checks }: Sim,
  ledger: Ledger,
  { id, image, state }: Deployment,
  shown: readonly GitHubDeploymentView[],
): void {
  const found = shown.find(({ payload }) => deploymentOf(payload) === id)?.statuses.at(-1)?.state;
  const wanted = ledger.images[image]?.live?.deployment === id ? "success" : (STATES[state] ?? "error");
  checks.expect(
    "L4",
    found === wanted,
    () => `GitHub's deployment of ${id}, ${state}, is ${found ?? "not there"} and not ${wanted}`,
  );
}

/** Whose GitHub deployment it is, as its payload says; null where it is no one's. */
export function deploymentOf(payload: unknown): string | null {
  const { windlass } = (payload ?? {}) as { readonly windlass?: { readonly deployment?: string } };
  return windlass?.deployment ?? null;
}

interface Issues {
  readonly image: string;
  /** The deployment by which it is live. */
  readonly live: string | null;
  readonly own: readonly Deployment[];
  readonly there: GitHubRepository;
}

function checkIssue({ checks, truth }: Sim, { image, live, own, there }: Issues): void {
  const liveEpoch = own.find(({ id }) => id === live)?.epoch ?? 0;
  const since = own.filter(({ epoch }) => epoch > liveEpoch);
  if (own.some(({ id, epoch }) => epoch >= liveEpoch && truth.givenUp.has(id))) return;
  const failed = since.filter(({ state }) => ALARMING.includes(state)).at(-1);
  const open = there
    .issues()
    .filter(({ state, deleted, author }) => state === "open" && !deleted && author.endsWith("[bot]"));
  if (failed !== undefined) {
    // What people did to the issue after it was opened stays.
    const touched = truth.issuesTouched.get(image) ?? 0;
    const wanted = Date.parse(failed.endedAt ?? "") <= touched + TOLD_WITHIN_MS || open.length === 1;
    checks.expect("L4", wanted, () => `${failed.id} of ${image} ${failed.state}, and ${open.length} issues are open`);
  } else if (!since.some(({ state }) => INTERRUPTED.includes(state))) {
    checks.expect("L4", open.length === 0, () => `${image} is well, and ${open.length} issues are open`);
  }
}

/** Clocks may be off by so much. */
const TOLD_WITHIN_MS = 600_000;
