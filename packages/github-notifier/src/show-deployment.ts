import { areaTitle, type DeploymentReport, isFullCommit } from "@windlass/deployment";
import { describeCounts } from "./describe-report.ts";
import type { DeploymentShowing } from "./github-task.ts";
import { deploymentTask } from "./names.ts";
import { readPages } from "./pages.ts";
import type { PlaceWatch } from "./permitted.ts";
import type { RepositoryClient } from "./repository-access.ts";
import { hasStatus } from "./request-failure.ts";
import { requireText } from "./usable-answers.ts";

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
  watch: PlaceWatch,
): Promise<MadeDeployment> {
  const { showing } = wanted;
  if (showing.id !== null) return { id: showing.id, sha: null };
  const found = showing.mayExist ? await findDeployment(client, wanted) : null;
  const { id, sha } = found ?? (await createDeployment(client, wanted));
  return { sha: requireText(sha, isFullCommit), id: watch.keep(id) };
}

/** As GitHub says it: nothing in it is sure. */
interface Answer {
  readonly id?: unknown;
  readonly sha?: unknown;
}

async function findDeployment(
  { octokit, owner, repo }: RepositoryClient,
  { report, repository, commit }: DeploymentToShow,
): Promise<Answer | null> {
  const place = {
    owner,
    repo,
    ref: commit,
    environment: areaTitle(report.area),
    task: deploymentTask(report, repository),
  };
  for await (const deployments of readPages((page) => octokit.rest.repos.listDeployments({ ...place, ...page }))) {
    const mine = deployments.find(({ payload }) => namesDeployment(payload, report.deployment));
    if (mine !== undefined) return mine;
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
): Promise<Answer> {
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
  return "sha" in data ? data : {};
}

/**
 * Adds the status that the report asks for; after a success, the deployment that was active before becomes inactive.
 * Returns the id of the deployment that has the status: another one where a person deleted the one that was known before.
 */
export async function showStatus(
  client: RepositoryClient,
  { id, ...wanted }: DeploymentToShow & { readonly id: number },
  watch: PlaceWatch,
): Promise<number> {
  const { report, showing } = wanted;
  let shown = id;
  try {
    await addStatus(client, report, id);
  } catch (error) {
    // Of one that has just been made, 404 says that GitHub does not know it everywhere yet: another would be a second one.
    if (showing.id === null || !hasStatus(error, 404)) throw error;
    shown = await showAnew(client, wanted, watch);
  }
  if (stateOf(report) === "success" && showing.retire !== null) await retireDeployment(client, report, showing.retire);
  return shown;
}

async function showAnew(client: RepositoryClient, wanted: DeploymentToShow, watch: PlaceWatch): Promise<number> {
  const { report, showing } = wanted;
  const anew = { ...wanted, showing: { ...showing, id: null, mayExist: true } };
  const { id } = await ensureDeployment(client, anew, watch);
  await addStatus(client, report, id);
  return id;
}

// Other images of the repository have the same environment: GitHub itself must not retire theirs.
const OTHERS_STAY = { auto_inactive: false } as const;

async function addStatus(
  { octokit, owner, repo }: RepositoryClient,
  report: DeploymentReport,
  id: number,
): Promise<void> {
  await octokit.rest.repos.createDeploymentStatus({
    owner,
    repo,
    ...OTHERS_STAY,
    deployment_id: id,
    state: stateOf(report),
    description: descriptionOf(report),
    ...(report.logUrl === null ? {} : { log_url: report.logUrl }),
  });
}

async function retireDeployment(
  { octokit, owner, repo }: RepositoryClient,
  { deployment }: DeploymentReport,
  id: number,
): Promise<void> {
  const inactive = { state: "inactive", description: `replaced by ${deployment}` } as const;
  try {
    await octokit.rest.repos.createDeploymentStatus({ owner, repo, ...OTHERS_STAY, deployment_id: id, ...inactive });
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
