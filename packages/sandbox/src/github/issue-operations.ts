import { type GitHubAnswer, pageOf, type RepositoryCall, type Scene, tell, textOf } from "./github-call.ts";
import { GitHubFault, invalid, notFound } from "./github-fault.ts";
import { type IssueState, isSame, nextId, type RepositoryState } from "./github-state.ts";
import { checkLength, readBody, readLabels } from "./issue-input.ts";
import { issueView, labelView } from "./views.ts";

const LONGEST_TITLE = 256;

/** https://docs.github.com/en/rest/issues/issues#create-an-issue */
export function createIssue(call: RepositoryCall): GitHubAnswer {
  const { body, repository } = call;
  requireIssues(repository);
  const issue = openIssue(call, {
    title: readTitle(body["title"]),
    body: readBody(body["body"]),
    labels: readLabels(body["labels"]),
    author: botOf(call),
  });
  return { status: 201, body: issueView(call, issue) };
}

export interface NewIssue {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly author: string;
}

export function openIssue(scene: Scene, issue: NewIssue): IssueState {
  const { state, repository, now } = scene;
  repository.numbers += 1;
  const opened: IssueState = {
    id: nextId(state),
    number: repository.numbers,
    ...issue,
    state: "open",
    stateReason: null,
    locked: false,
    deleted: false,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    comments: [],
  };
  repository.issues.push(opened);
  tell(scene, { kind: "issue", what: "opened", subject: opened.title, id: opened.number });
  return opened;
}

/** https://docs.github.com/en/rest/issues/issues#get-an-issue */
export function getIssue(call: RepositoryCall): GitHubAnswer {
  return { status: 200, body: issueView(call, findIssue(call)) };
}

/** https://docs.github.com/en/rest/issues/issues#list-repository-issues */
export function listIssues(call: RepositoryCall): GitHubAnswer {
  const { repository, parameters } = call;
  requireIssues(repository);
  refuseOtherFilters(parameters);
  const { state = "open", creator, since = "1970-01-01T00:00:00Z" } = parameters;
  const labels = (parameters["labels"] ?? "").split(",").filter((label) => label !== "");
  const found = repository.issues
    .filter((issue) => !issue.deleted && (state === "all" || issue.state === state))
    .filter((issue) => labels.every((label) => issue.labels.some((own) => isSame(own, label))))
    .filter((issue) => creator === undefined || isSame(issue.author, creator))
    .filter((issue) => issue.updatedAt >= Date.parse(since));
  const { items, headers } = pageOf(
    call,
    `/repos/${repository.owner}/${repository.name}/issues`,
    sort(found, parameters),
  );
  return { status: 200, headers, body: items.map((issue) => issueView(call, issue)) };
}

/** What is not played is refused rather than left out: a list that is too long looks like one that is right. */
function refuseOtherFilters(parameters: Readonly<Record<string, string>>): void {
  const other = ["milestone", "assignee", "type", "mentioned", "issue_field_values"].find((name) => name in parameters);
  if (other !== undefined) throw new GitHubFault(501, `the sandbox lists issues by no ${other}`);
}

function sort(issues: readonly IssueState[], parameters: Readonly<Record<string, string>>): readonly IssueState[] {
  const { sort: by = "created", direction = "desc" } = parameters;
  const rank = (issue: IssueState): number => {
    if (by === "updated") return issue.updatedAt;
    return by === "comments" ? issue.comments.length : issue.number;
  };
  const ascending = issues.toSorted((one, other) => rank(one) - rank(other) || one.number - other.number);
  return direction === "asc" ? ascending : ascending.toReversed();
}

/** https://docs.github.com/en/rest/issues/issues#update-an-issue */
export function updateIssue(call: RepositoryCall): GitHubAnswer {
  const { body } = call;
  const issue = findIssue(call);
  const title = body["title"] === undefined || body["title"] === null ? issue.title : readTitle(body["title"]);
  const text = body["body"] === undefined ? issue.body : readBody(body["body"]);
  const labels = body["labels"] === undefined ? issue.labels : readLabels(body["labels"]);
  Object.assign(issue, { title, body: text, labels, updatedAt: call.now });
  const state = textOf(body, "state");
  if (state === "open" || state === "closed")
    setIssueState(call, issue, { state, reason: textOf(body, "state_reason") });
  return { status: 200, body: issueView(call, issue) };
}

/** https://docs.github.com/en/rest/issues/labels#add-labels-to-an-issue */
export function addLabels(call: RepositoryCall): GitHubAnswer {
  const issue = findIssue(call);
  const added = readLabels(call.body["labels"]).filter((label) => !issue.labels.some((own) => isSame(own, label)));
  Object.assign(issue, { labels: [...issue.labels, ...added], updatedAt: call.now });
  return { status: 200, body: issue.labels.map((label) => labelView(call, label)) };
}

/** Nothing happens to an issue that is in that state already. */
export function setIssueState(
  scene: Scene,
  issue: IssueState,
  { state, reason }: { readonly state: "open" | "closed"; readonly reason: string | undefined },
): void {
  if (issue.state === state) return;
  issue.state = state;
  issue.stateReason = reason ?? (state === "closed" ? "completed" : "reopened");
  issue.closedAt = state === "closed" ? scene.now : null;
  issue.updatedAt = scene.now;
  const what = state === "closed" ? "closed" : "reopened";
  tell(scene, { kind: "issue", what, subject: issue.title, id: issue.number });
}

export function findIssue(call: RepositoryCall): IssueState {
  requireIssues(call.repository);
  const issue = call.repository.issues.find(({ number }) => String(number) === call.parameters["issue_number"]);
  if (issue === undefined) throw notFound();
  if (issue.deleted) throw new GitHubFault(410, "This issue was deleted");
  return issue;
}

function requireIssues({ hasIssues }: RepositoryState): void {
  if (!hasIssues) throw new GitHubFault(410, "Issues are disabled for this repo");
}

/** https://docs.github.com/en/apps/creating-github-apps/about-creating-github-apps/about-creating-github-apps */
export function botOf({ token }: RepositoryCall): string {
  return `${token.installation.app.slug}[bot]`;
}

function readTitle(value: unknown): string {
  const title = String(value ?? "");
  if (title.trim() === "") throw invalid({ resource: "Issue", field: "title", code: "missing_field" });
  return checkLength(title, "title", LONGEST_TITLE);
}
