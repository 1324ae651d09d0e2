import { type DeploymentReport, describeNext } from "@windlass/deployment";
import { redactText } from "@windlass/redaction";
import { describeCounts, describeFacts, describeFailure, describeRemarks } from "./describe-report.ts";
import type { Showing } from "./github-task.ts";
import { checkName } from "./names.ts";
import type { PlaceWatch } from "./permitted.ts";
import type { RepositoryClient } from "./repository-access.ts";
import { hasStatus } from "./request-failure.ts";
import { shortenLines } from "./shorten-lines.ts";
import { requireList } from "./usable-answers.ts";

/** https://docs.github.com/en/rest/checks/runs#create-a-check-run */
const LONGEST_SUMMARY = 65_535;
const LONGEST_TITLE = 255;

export interface CheckToShow {
  readonly report: DeploymentReport;
  /** As the account mapping names it. */
  readonly repository: string;
  /** The full commit. */
  readonly sha: string;
  readonly showing: Showing;
  /** The page that the check links to: the issue of a failure, else the log. */
  readonly detailsUrl: string | null;
}

/** Makes the deployment's check run, or brings it up to date; returns its id. */
export async function showCheck(client: RepositoryClient, check: CheckToShow, watch: PlaceWatch): Promise<number> {
  const { id, mayExist } = check.showing;
  if (id !== null && (await updateKnown(client, check, id))) return id;
  const found = mayExist || id !== null ? await findCheck(client, check) : null;
  if (found === null) return watch.keep(await createCheck(client, check));
  await updateCheck(client, check, watch.keep(found));
  return found;
}

/** False where there is none of this id any more. */
async function updateKnown(client: RepositoryClient, check: CheckToShow, id: number): Promise<boolean> {
  try {
    await updateCheck(client, check, id);
    return true;
  } catch (error) {
    if (hasStatus(error, 404)) return false;
    throw error;
  }
}

async function updateCheck({ octokit, owner, repo }: RepositoryClient, check: CheckToShow, id: number): Promise<void> {
  await octokit.rest.checks.update({ owner, repo, check_run_id: id, ...contentOf(check) });
}

async function createCheck({ octokit, owner, repo }: RepositoryClient, check: CheckToShow): Promise<number> {
  const { report, repository, sha } = check;
  const name = checkName(report, repository);
  const made = await octokit.rest.checks.create({
    owner,
    repo,
    name,
    head_sha: sha,
    external_id: report.deployment,
    ...contentOf(check),
  });
  return made.data.id;
}

async function findCheck(
  { octokit, owner, repo, appId }: RepositoryClient,
  { report, repository, sha }: CheckToShow,
): Promise<number | null> {
  const query = {
    owner,
    repo,
    ref: sha,
    check_name: checkName(report, repository),
    app_id: appId,
    filter: "all",
    per_page: 100,
  } as const;
  const { data } = await octokit.rest.checks.listForRef(query);
  return requireList(data.check_runs).find(({ external_id: id }) => id === report.deployment)?.id ?? null;
}

function contentOf({ report, detailsUrl }: CheckToShow) {
  const { startedAt, endedAt } = report;
  return {
    ...stateOf(report),
    output: { title: titleOf(report), summary: shortenLines(summaryOf(report), LONGEST_SUMMARY) },
    ...(startedAt === null ? {} : { started_at: startedAt }),
    ...(report.stage === "ended" && endedAt !== null ? { completed_at: endedAt } : {}),
    ...(detailsUrl === null ? {} : { details_url: detailsUrl }),
  };
}

type Conclusion = "success" | "failure" | "cancelled" | "skipped";
type CheckState =
  | { readonly status: "queued" | "in_progress" }
  | { readonly status: "completed"; readonly conclusion: Conclusion };

function stateOf({ stage, outcome }: DeploymentReport): CheckState {
  if (stage === "waiting") return { status: "queued" };
  if (stage === "running") return { status: "in_progress" };
  return { status: "completed", conclusion: conclusionOf(outcome) };
}

function conclusionOf(outcome: DeploymentReport["outcome"]): Conclusion {
  switch (outcome) {
    case "succeeded":
      return "success";
    case "cancelled":
      return "cancelled";
    case "superseded":
      return "skipped";
    default:
      return "failure";
  }
}

function titleOf(report: DeploymentReport): string {
  const { stage, outcome, image } = report;
  const state =
    stage === "ended" ? `${outcome}${describeCounts(report)}` : stage === "waiting" ? "waiting" : "deploying";
  return `${image}: ${state}`.slice(0, LONGEST_TITLE);
}

function summaryOf(report: DeploymentReport): string {
  const failure = describeFailure(report);
  const next = redactText(describeNext(report));
  const parts = [next, describeFacts(report), ...describeRemarks(report), ...(failure === null ? [] : [failure])];
  return parts.join("\n\n");
}
