import { areaTitle, type DeploymentReport, describeNext } from "@windlass/deployment";
import { TroubleFound } from "./app-access.ts";
import { describeCommands, describeFacts, describeFailure, describeRemarks } from "./describe-report.ts";
import type { IssueShowing } from "./github-task.ts";
import { deploymentMarker, ISSUE_LABEL, issueMarker, issueTitle, spoilMarkers } from "./names.ts";
import { readPages } from "./pages.ts";
import type { PlaceWatch } from "./permitted.ts";
import type { RepositoryClient } from "./repository-access.ts";
import { hasStatus } from "./request-failure.ts";
import { shortenLines } from "./shorten-lines.ts";
import { troubleOf } from "./trouble.ts";

/** https://docs.github.com/en/rest/issues/comments#create-an-issue-comment */
const LONGEST_BODY = 65_536;
const LONGEST_TITLE = 256;

export interface IssueToShow {
  readonly report: DeploymentReport;
  /** As the account mapping names it. */
  readonly repository: string;
  readonly showing: IssueShowing;
}

export type ShownIssue =
  | { readonly kind: "shown"; readonly number: number; readonly url: string }
  /** There is none, and none is wanted. */
  | { readonly kind: "absent" };

interface Issue {
  readonly number: number;
  readonly html_url: string;
  readonly locked: boolean;
  readonly body?: string | null | undefined;
}

/** Opens the image's issue, or mentions the deployment in it; or closes it and mentions that. */
export async function showIssue(client: RepositoryClient, issue: IssueToShow, watch: PlaceWatch): Promise<ShownIssue> {
  return issue.showing.want === "open" ? openIssue(client, issue, watch) : closeIssue(client, issue, watch);
}

async function openIssue(client: RepositoryClient, wanted: IssueToShow, watch: PlaceWatch): Promise<ShownIssue> {
  const there = (await updateKnown(client, wanted, { state: "open" })) ?? (await findOpen(client, wanted, watch));
  if (there === null) return create(client, wanted, watch);
  // What has just been found may be this very deployment's.
  const mentioned = (there.body ?? "").includes(deploymentMarker(wanted.report));
  if (!mentioned) await mention(client, wanted, there);
  return { kind: "shown", number: there.number, url: there.html_url };
}

/** Opens or closes the known issue, whatever a person did to it; null where it is not known, or was deleted. */
async function updateKnown(client: RepositoryClient, { showing }: IssueToShow, change: Change): Promise<Issue | null> {
  if (showing.number === null) return null;
  return updateIssue(client, showing.number, change);
}

const CLOSED = { state: "closed", state_reason: "completed" } as const;

interface Change {
  readonly state: "open" | "closed";
  readonly state_reason?: "completed" | "not_planned";
}

/** Null where the issue is not there, or was deleted. */
async function updateIssue(
  { octokit, owner, repo }: RepositoryClient,
  number: number,
  change: Change,
): Promise<Issue | null> {
  try {
    const { data } = await octokit.rest.issues.update({ owner, repo, issue_number: number, ...change });
    return { ...data, number };
  } catch (error) {
    // Where issues are disabled, everything is 410: then the look for others says so.
    if (hasStatus(error, 404, 410)) return null;
    throw error;
  }
}

/** The open issue with the image's marker. Where there are several, the oldest stays and the others are closed. */
async function findOpen(client: RepositoryClient, { report }: IssueToShow, watch: PlaceWatch): Promise<Issue | null> {
  const found = (await listOpen(client)).filter(({ body }) => (body ?? "").includes(issueMarker(report)));
  const [first, ...others] = found.toSorted((one, other) => one.number - other.number);
  if (first !== undefined) watch.keep(first.number);
  for (const { number } of others) {
    await updateIssue(client, number, { state: "closed", state_reason: "not_planned" });
  }
  return first ?? null;
}

async function listOpen({ octokit, owner, repo }: RepositoryClient): Promise<readonly Issue[]> {
  const query = { owner, repo, labels: ISSUE_LABEL, state: "open" } as const;
  const issues: Issue[] = [];
  for await (const found of readPages((page) => octokit.rest.issues.listForRepo({ ...query, ...page }))) {
    issues.push(...found.filter(({ pull_request: pull }) => pull === undefined));
  }
  return issues;
}

async function create(
  { octokit, owner, repo }: RepositoryClient,
  { report, repository }: IssueToShow,
  watch: PlaceWatch,
): Promise<ShownIssue> {
  const title = issueTitle(report, repository).slice(0, LONGEST_TITLE);
  const body = bodyOf(report, [issueMarker(report), deploymentMarker(report)]);
  const { data } = await octokit.rest.issues.create({ owner, repo, title, body, labels: [ISSUE_LABEL] });
  return { kind: "shown", number: watch.keep(data.number), url: data.html_url };
}

/**
 * Closing can be repeated, a comment can not: the comment comes last. But only open issues are found, so one that had to
 * be looked for gets its comment first. A locked issue takes none; that it is closed says enough.
 */
async function closeIssue(client: RepositoryClient, wanted: IssueToShow, watch: PlaceWatch): Promise<ShownIssue> {
  const closed = await updateKnown(client, wanted, CLOSED);
  if (closed !== null) {
    if (!closed.locked) await mention(client, wanted, closed);
    return { kind: "shown", number: closed.number, url: closed.html_url };
  }
  const found = await findOpen(client, wanted, watch);
  if (found === null) return { kind: "absent" };
  const looking = { ...wanted, showing: { ...wanted.showing, mayExist: true } };
  if (!found.locked) await mention(client, looking, found);
  await updateIssue(client, found.number, CLOSED);
  return { kind: "shown", number: found.number, url: found.html_url };
}

/** One comment for one deployment. */
async function mention(
  client: RepositoryClient,
  { report, showing }: IssueToShow,
  issue: Pick<Issue, "number" | "locked">,
): Promise<void> {
  const { octokit, owner, repo } = client;
  const place = { owner, repo, issue_number: issue.number };
  if (showing.mayExist && (await isMentioned(client, issue.number, report))) return;
  try {
    await octokit.rest.issues.createComment({ ...place, body: bodyOf(report, [deploymentMarker(report)]) });
  } catch (error) {
    if (issue.locked && hasStatus(error, 403))
      throw new TroubleFound(troubleOf("issue-locked", `issue #${issue.number} is locked`));
    throw error;
  }
}

async function isMentioned(
  { octokit, owner, repo }: RepositoryClient,
  number: number,
  report: DeploymentReport,
): Promise<boolean> {
  const marker = deploymentMarker(report);
  // It can not have been mentioned before it ended; GitHub's clock may be a little behind.
  const since = new Date(Date.parse(report.endedAt ?? "1970-01-01T00:00:00Z") - 15 * 60_000).toISOString();
  const query = { owner, repo, issue_number: number, since };
  for await (const comments of readPages((page) => octokit.rest.issues.listComments({ ...query, ...page }))) {
    if (comments.some(({ body }) => (body ?? "").includes(marker))) return true;
  }
  return false;
}

function bodyOf(report: DeploymentReport, markers: readonly string[]): string {
  const failure = describeFailure(report);
  const succeeded = report.outcome === "succeeded";
  const parts = succeeded
    ? [describeSuccess(report), describeFacts(report), ...describeRemarks(report)]
    : [
        `\`${report.image}\` could not be deployed to ${areaTitle(report.area)}. ${describeNext(report)}`,
        describeFacts(report),
        ...describeRemarks(report),
        ...(failure === null ? [] : [failure]),
        describeCommands(report),
      ];
  const hidden = markers.join("\n");
  // The markers must stay whole whatever is cut.
  return `${shortenLines(spoilMarkers(parts.join("\n\n")), LONGEST_BODY - hidden.length - 2)}\n\n${hidden}`;
}

function describeSuccess({ image, area, noop }: DeploymentReport): string {
  const changed = noop ? " There was nothing to change." : "";
  return `\`${image}\` was deployed to ${areaTitle(area)}.${changed}`;
}
