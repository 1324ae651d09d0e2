import { areaTitle, type DeploymentReport } from "@windlass/deployment";
import { describeCounts } from "./describe-report.ts";
import type { DeploymentShowing, WritePermit } from "./github-task.ts";
import { deploymentTask } from "./names.ts";
import { readPages } from "./pages.ts";
import { requirePermit } from "./permitted.ts";
import type { RepositoryClient } from "./repository-access.ts";
import { hasStatus } from "./request-failure.ts";

/** https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status */
const LONGEST_DESCRIPTION = 140;

export interface DeploymentToShow {
  readonly report: DeploymentReport;
  /** As the account mapping names it. */
  readonly repository: string;
  /** Whole or in part. */
  readonly commit: string;
  readonly showing: DeploymentShowing;
}

export interface MadeDeployment {
  readonly id: number;
  /** The full commit; null where nothing was asked of GitHub. */
  readonly sha: string | null;
}

/** The deployment's GitHub deployment: the known one, one that is found, or a new one. */
export async function ensureDeployment(
  client: RepositoryClient,
  wanted: DeploymentToShow,
  permit: WritePermit,
): Promise<MadeDeployment> {
  const { showing } = wanted;
  if (showing.id !== null) return { id: showing.id, sha: null };
  const found = showing.mayExist ? await findDeployment(client, wanted) : null;
  if (found !== null) return found;
  requirePermit(permit);
  return createDeployment(client, wanted);
}

async function findDeployment(
  { octokit, owner, repo }: RepositoryClient,
  { report, repository, commit }: DeploymentToShow,
): Promise<MadeDeployment | null> {
  const place = {
    owner,
    repo,
    ref: commit,
    environment: areaTitle(report.area),
    task: deploymentTask(report, repository),
  };
  for await (const deployments of readPages((page) => octokit.rest.repos.listDeployments({ ...place, ...page }))) {
    const mine = deployments.find(({ payload }) => namesDeployment(payload, report.deployment));
    if (mine !== undefined) return { id: mine.id, sha: mine.sha };
  }
  return null;
}

function namesDeployment(payload: unknown, deployment: string): boolean {
  if (typeof payload !== "object" || payload === null || !("windlass" in payload)) return false;
  const { windlass } = payload;
  return (
    typeof windlass === "object" && windlass !== null && "deployment" in windlass && windlass.deployment === deployment
  );
}

async function createDeployment(
  { octokit, owner, repo }: RepositoryClient,
  { report, repository, commit }: DeploymentToShow,
): Promise<MadeDeployment> {
  const { deployment, image, area, digest } = report;
  const { data } = await octokit.rest.repos.createDeployment({
    owner,
    repo,
    ref: commit,
    task: deploymentTask(report, repository),
    environment: areaTitle(area),
    description: `${image} in ${areaTitle(area)}`.slice(0, LONGEST_DESCRIPTION),
    payload: { windlass: { deployment, image, area, digest } },
    // It would merge the default branch first, or wait for checks: this tells of a deployment, it makes none.
    auto_merge: false,
    required_contexts: [],
    transient_environment: false,
    production_environment: area.toLowerCase() === "production",
  });
  if (!("sha" in data)) throw new TypeError("GitHub answered without a deployment");
  return { id: data.id, sha: data.sha };
}

/** Adds the status that the report asks for; after a success, the deployment that was active before becomes inactive. */
export async function showStatus(
  { octokit, owner, repo }: RepositoryClient,
  { id, report, retire }: { readonly id: number; readonly report: DeploymentReport; readonly retire: number | null },
  permit: WritePermit,
): Promise<void> {
  // Other images of the repository have the same environment: GitHub itself must not retire theirs.
  const place = { owner, repo, auto_inactive: false };
  const log = report.logUrl === null ? {} : { log_url: report.logUrl };
  const state = stateOf(report);
  requirePermit(permit);
  await octokit.rest.repos.createDeploymentStatus({
    ...place,
    deployment_id: id,
    state,
    description: descriptionOf(report),
    ...log,
  });
  if (state !== "success" || retire === null) return;
  requirePermit(permit);
  const description = `replaced by ${report.deployment}`;
  try {
    await octokit.rest.repos.createDeploymentStatus({
      ...place,
      deployment_id: retire,
      state: "inactive",
      description,
    });
  } catch (error) {
    // A person deleted it: nothing is left to retire.
    if (!hasStatus(error, 404)) throw error;
  }
}

type State = "in_progress" | "success" | "failure" | "error" | "inactive";

function stateOf({ stage, outcome, isLive }: DeploymentReport): State {
  if (stage !== "ended") return "in_progress";
  switch (outcome) {
    case "succeeded":
      return isLive ? "success" : "inactive";
    case "failed":
      return "failure";
    case "superseded":
    case "cancelled":
      return "inactive";
    default:
      return "error";
  }
}

function descriptionOf(report: DeploymentReport): string {
  const { stage, outcome, deployment } = report;
  return `${stage === "ended" ? outcome : "deploying"}${describeCounts(report)}, ${deployment}`.slice(
    0,
    LONGEST_DESCRIPTION,
  );
}
