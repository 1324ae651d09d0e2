import type { GitHubApp, GitHubRepository } from "@windlass/sandbox";
import type { Sim } from "../core/sim.ts";
import { ORGANIZATION, REGION, SECRET } from "../world/names.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** GitHub, with the App and a repository for each image, and what people and GitHub itself do there. */
export interface GitHubWeather {
  heal(): void;
  readonly repository: (image: string) => GitHubRepository;
}

export function openGitHub(sim: Sim): GitHubWeather {
  const { github } = sim.sandbox;
  const app = github.createApp();
  const installation = github.install(app, { owner: ORGANIZATION });
  const repositories = new Map<string, GitHubRepository>();
  for (const { name } of sim.scenario.images) repositories.set(name, github.createRepository(ORGANIZATION, name));
  putSecret(sim, app, app.privateKey);
  const stage: Stage = { sim, app, installation, repositories };
  if (sim.chaos.has("github-changes") || sim.chaos.has("github-key")) scheduleNext(stage);
  return {
    heal() {
      github.unsuspend(installation);
      github.setClockSkew(0);
      for (const repository of repositories.values()) {
        repository.archive(false);
        repository.setIssuesEnabled(true);
        for (const issue of repository.issues())
          if (issue.locked && !issue.deleted) repository.lockIssue(issue.number, false);
      }
    },
    repository(image) {
      const found = repositories.get(image);
      if (found === undefined) throw new Error(`no repository for ${image}`);
      return found;
    },
  };
}

interface Stage {
  readonly sim: Sim;
  readonly app: GitHubApp;
  readonly installation: number;
  readonly repositories: ReadonlyMap<string, GitHubRepository>;
}

function putSecret({ own }: Sim, app: GitHubApp, privateKey: string): void {
  own.secrets(REGION).put(SECRET, JSON.stringify({ appId: String(app.id), privateKey }));
}

function scheduleNext(stage: Stage): void {
  const { scheduler, random, chaos } = stage.sim;
  scheduler.schedule(random.between(0.2, 6) * HOUR, () => {
    if (chaos.ended()) return;
    if (chaos.draws("github-changes")) change(stage);
    if (chaos.draws("github-key")) changeKey(stage);
    scheduleNext(stage);
  });
}

function change({ sim, installation, repositories }: Stage): void {
  const { random, scheduler, sandbox, chaos } = sim;
  const tell = (what: string) => chaos.struck("github-changes", what);
  const [name, repository] = random.pick([...repositories]);
  const later = (fn: () => void) => scheduler.schedule(random.between(0.1, 12) * HOUR, fn);
  switch (random.pick(["suspend", "archive", "rename", "issue", "issue", "no-issues"] as const)) {
    case "suspend":
      sandbox.github.suspend(installation);
      later(() => sandbox.github.unsuspend(installation));
      tell("the App's installation is suspended");
      return;
    case "archive":
      repository.archive();
      later(() => repository.archive(false));
      tell(`the repository of ${name} is archived`);
      return;
    case "rename":
      repository.rename(`${name}-moved`);
      later(() => repository.rename(name));
      tell(`the repository of ${name} is renamed`);
      return;
    case "no-issues":
      repository.setIssuesEnabled(false);
      later(() => repository.setIssuesEnabled(true));
      tell(`the repository of ${name} has no issues`);
      return;
    case "issue":
      changeIssue(sim, name, repository);
  }
}

function changeIssue({ random, chaos, truth, scheduler }: Sim, image: string, repository: GitHubRepository): void {
  const open = repository.issues().filter(({ state, deleted }) => state === "open" && !deleted);
  const [issue] = random.shuffle(open);
  if (issue === undefined) return;
  const what = random.pick(["close", "lock", "delete"] as const);
  if (what === "close") repository.closeIssue(issue.number);
  else if (what === "lock") repository.lockIssue(issue.number);
  else repository.deleteIssue(issue.number);
  truth.issuesTouched.set(image, scheduler.now());
  chaos.struck("github-changes", `somebody: ${what} of issue ${issue.number} in ${repository.fullName}`);
}

function changeKey({ sim, app }: Stage): void {
  const { random, scheduler, sandbox, chaos } = sim;
  if (random.chance(0.5)) {
    const ms = random.between(-5, 5) * MINUTE;
    sandbox.github.setClockSkew(ms);
    scheduler.schedule(random.between(0.5, 6) * HOUR, () => sandbox.github.setClockSkew(0));
    chaos.struck("github-key", `GitHub's clock is off by ${Math.round(ms / 1000)} s`);
    return;
  }
  // The secret is emptied, and filled again: making another key takes longer than the rest of a run.
  putSecret(sim, app, "not a key");
  scheduler.schedule(random.between(0.2, 6) * HOUR, () => putSecret(sim, app, app.privateKey));
  chaos.struck("github-key", "the App's key is gone");
}
