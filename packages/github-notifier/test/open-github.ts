import type { DeploymentReport } from "@windlass/deployment";
import { createSandbox, type GitHubApp, type NewInstallation, virtualClock } from "@windlass/sandbox";
import {
  createGitHubNotifier,
  type GitHubDelivery,
  type GitHubNotifierOptions,
  type GitHubTask,
  parseAppCredentials,
  type Showing,
  type WritePermit,
} from "../src/index.ts";

export const owner = "AusDTO";
export const repository = "dga-web";
export const sha = "cc83ec5e6a1f0b7d2c4e8f9a0b1c2d3e4f5a6b7c";
export const start = Date.UTC(2026, 10, 24, 2, 15);
/** No real time passes between requests. */
export const pace = { writeMs: 0, notifyMs: 0, retryMs: 0 };

/** GitHub with the App installed on one repository, and a notifier that acts as it. */
export function openGitHub(installation: Partial<NewInstallation> = {}) {
  const clock = virtualClock(start);
  const sandbox = createSandbox({ clock });
  const { github } = sandbox;
  const app = github.createApp();
  const repo = github.createRepository(owner, repository, { commits: [sha] });
  const installationId = github.install(app, { owner, ...installation });
  const secret = { text: secretOf(app), reads: 0 };
  const newNotifier = (options: Partial<GitHubNotifierOptions> = {}) =>
    createGitHubNotifier({
      owner,
      apiUrl: github.apiUrl,
      fetch: sandbox.fetch,
      now: () => new Date(clock.now()),
      pace,
      async loadCredentials() {
        secret.reads += 1;
        return parseAppCredentials(secret.text, { where: "secret", now: () => new Date(clock.now()) });
      },
      ...options,
    });
  return { sandbox, clock, github, app, repo, installationId, secret, newNotifier, notifier: newNotifier() };
}

export type OpenGitHub = ReturnType<typeof openGitHub>;

export function secretOf({ id, privateKey }: Pick<GitHubApp, "id" | "privateKey">): string {
  return JSON.stringify({ appId: String(id), privateKey });
}

/** As many writes as it likes. */
export function unlimited(): WritePermit {
  return { signal: new AbortController().signal, mayWrite: () => true };
}

/** A deployment that is under way, changed as a test wants it. */
export function aReport(change: Partial<DeploymentReport> = {}): DeploymentReport {
  return {
    workload: "dataGov",
    area: "production",
    image: "dga-web",
    kind: "terraform",
    deployment: "20261124t021500z-42" as DeploymentReport["deployment"],
    attempt: 1,
    digest: `sha256:${"1a2b".repeat(16)}` as DeploymentReport["digest"],
    commit: sha,
    stage: "running",
    outcome: null,
    waitingFor: null,
    startedAt: "2026-11-24T02:15:00.000Z" as DeploymentReport["startedAt"],
    endedAt: null,
    plan: null,
    failure: null,
    noop: false,
    brokenLock: null,
    notes: [],
    retryAt: null,
    isLive: false,
    lastGood: null,
    logUrl: "https://ap-southeast-2.console.aws.amazon.com/s3/buckets/b?prefix=runs/20261124t021500z-42/",
    ...change,
  };
}

export function aFailure(change: Partial<DeploymentReport> = {}): DeploymentReport {
  return aReport({
    stage: "ended",
    outcome: "failed",
    endedAt: "2026-11-24T02:17:30.000Z" as DeploymentReport["endedAt"],
    plan: { add: 3, change: 1, destroy: 0 },
    failure: { code: "terraform-failed", message: "Error: no such bucket", hint: "make the bucket" },
    lastGood: { digest: `sha256:${"ab".repeat(32)}` as DeploymentReport["digest"], commit: "1f0c2aa" },
    ...change,
  });
}

export function aSuccess(change: Partial<DeploymentReport> = {}): DeploymentReport {
  return aFailure({ outcome: "succeeded", failure: null, isLive: true, lastGood: null, ...change });
}

const unmade = { id: null, mayExist: false };

/** The task that the report asks for; nothing was made before. */
export function aTask(report: DeploymentReport, change: Partial<GitHubTask> = {}): GitHubTask {
  const failed = report.stage === "ended" && report.outcome !== "succeeded";
  return {
    report,
    repository,
    sha: null,
    check: unmade,
    deployment: report.stage === "waiting" ? null : { ...unmade, retire: null },
    issue: failed ? { want: "open", number: null, mayExist: false } : null,
    ...change,
  };
}

/** What the ledger would ask for next: what is shown is done, what may have been made is looked for. */
export function again(task: GitHubTask, { sha: learned, check, deployment, issue }: GitHubDelivery): GitHubTask {
  const isDone = (place: GitHubDelivery["issue"]) =>
    place === null || place.kind === "shown" || place.kind === "absent";
  const retried = (before: Showing, place: GitHubDelivery["check"]) => {
    const id = (place?.kind === "failed" ? place.id : null) ?? before.id;
    return { id, mayExist: id === null && (before.mayExist || place?.kind === "failed") };
  };
  return {
    ...task,
    sha: learned,
    check: task.check === null || isDone(check) ? null : retried(task.check, check),
    deployment:
      task.deployment === null || isDone(deployment)
        ? null
        : { ...task.deployment, ...retried(task.deployment, deployment) },
    issue:
      task.issue === null || isDone(issue)
        ? null
        : { ...task.issue, mayExist: task.issue.mayExist || issue?.kind === "failed" },
  };
}
