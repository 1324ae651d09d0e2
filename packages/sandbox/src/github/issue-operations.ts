import { type GitHubAnswer, pageOf, type RepositoryCall, tell, textOf } from "./github-call.ts";
import { GitHubFault, invalid, notFound } from "./github-fault.ts";
import { type IssueState, nextId, type RepositoryState } from "./github-state.ts";
import { commentView, issueView } from "./views.ts";

const LONGEST_BODY = 65_536;
const LONGEST_TITLE = 256;

/** https://docs.github.com/en/rest/issues/issues#create-an-issue */
export function createIssue(call: RepositoryCall): GitHubAnswer {
  const { body, repository } = call;
  requireIssues(repository);
  const title = readTitle(body["title"]);
  const issue = addIssue(call, {
    title,
    body: readBody(body["body"]),
    labels: readLabels(body["labels"]),
    author: botOf(call),
  });
  tell(call, { kind: "issue", what: "opened", subject: title, id: issue.number });
  return { status: 201, body: issueView(call, issue) };
}

export interface NewIssue {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly author: string;
}

export function addIssue(
  { state, repository, now }: Pick<RepositoryCall, "state" | "repository" | "now">,
  issue: NewIssue,
): IssueState {
  repository.numbers += 1;
  const added: IssueState = {
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
  repository.issues.push(added);
  return added;
}

/** https://docs.github.com/en/rest/issues/issues#list-repository-issues */
export function listIssues(call: RepositoryCall): GitHubAnswer {
  const { repository, parameters } = call;
  requireIssues(repository);
  const state = parameters["state"] ?? "open";
  const labels = (parameters["labels"] ?? "").split(",").filter((label) => label !== "");
  const creator = parameters["creator"];
  const found = repository.issues
    .filter((issue) => !issue.deleted && (state === "all" || issue.state === state))
    .filter((issue) => labels.every((label) => issue.labels.includes(label)))
    .filter((issue) => creator === undefined || issue.author === creator)
    .toReversed();
  const { items, headers } = pageOf(call, `/repos/${repository.owner}/${repository.name}/issues`, found);
  return { status: 200, headers, body: items.map((issue) => issueView(call, issue)) };
}

/** https://docs.github.com/en/rest/issues/issues#update-an-issue */
export function updateIssue(call: RepositoryCall): GitHubAnswer {
  const { body } = call;
  const issue = findIssue(call);
  if (body["title"] !== undefined) issue.title = readTitle(body["title"]);
  if (body["body"] !== undefined) issue.body = readBody(body["body"]);
  if (body["labels"] !== undefined) issue.labels = readLabels(body["labels"]);
  const state = textOf(body, "state");
  if (state === "open" || state === "closed")
    setIssueState(call, issue, { state, reason: textOf(body, "state_reason") });
  issue.updatedAt = call.now;
  return { status: 200, body: issueView(call, issue) };
}

export function setIssueState(
  call: RepositoryCall,
  issue: IssueState,
  { state, reason }: { readonly state: "open" | "closed"; readonly reason: string | undefined },
): void {
  if (issue.state === state) return;
  issue.state = state;
  issue.stateReason = reason ?? (state === "closed" ? "completed" : "reopened");
  issue.closedAt = state === "closed" ? call.now : null;
  tell(call, {
    kind: "issue",
    what: state === "closed" ? "closed" : "reopened",
    subject: issue.title,
    id: issue.number,
  });
}

/** https://docs.github.com/en/rest/issues/comments#create-an-issue-comment */
export function createComment(call: RepositoryCall): GitHubAnswer {
  const { state, body, now } = call;
  const issue = findIssue(call);
  if (issue.locked) throw new GitHubFault(403, "Unable to create comment because issue is locked.");
  const comment = { id: nextId(state), author: botOf(call), body: readBody(body["body"]), createdAt: now };
  issue.comments.push(comment);
  issue.updatedAt = now;
  tell(call, { kind: "comment", what: "created", subject: issue.title, id: issue.number });
  return { status: 201, body: commentView(call, issue, comment) };
}

/** https://docs.github.com/en/rest/issues/comments#list-issue-comments */
export function listComments(call: RepositoryCall): GitHubAnswer {
  const { repository, parameters } = call;
  const issue = findIssue(call);
  const since = Date.parse(parameters["since"] ?? "1970-01-01T00:00:00Z");
  const found = issue.comments.filter(({ createdAt }) => createdAt >= since);
  const path = `/repos/${repository.owner}/${repository.name}/issues/${issue.number}/comments`;
  const { items, headers } = pageOf(call, path, found);
  return { status: 200, headers, body: items.map((comment) => commentView(call, issue, comment)) };
}

function findIssue(call: RepositoryCall): IssueState {
  requireIssues(call.repository);
  const issue = call.repository.issues.find(({ number }) => String(number) === call.parameters["issue_number"]);
  if (issue === undefined) throw notFound();
  if (issue.deleted) throw new GitHubFault(410, "This issue was deleted");
  return issue;
}

function requireIssues({ hasIssues }: RepositoryState): void {
  if (!hasIssues) throw new GitHubFault(410, "Issues are disabled for this repo");
}

function botOf({ token }: RepositoryCall): string {
  return `${token.installation.app.slug}[bot]`;
}

function readTitle(value: unknown): string {
  const title = String(value ?? "");
  if (title === "") throw invalid({ resource: "Issue", field: "title", code: "missing_field" });
  if (title.length > LONGEST_TITLE)
    throw invalid({
      resource: "Issue",
      field: "title",
      code: "custom",
      message: `title is too long (maximum is ${LONGEST_TITLE} characters)`,
    });
  return title;
}

function readBody(value: unknown): string {
  const body = typeof value === "string" ? value : "";
  if ([...body].length <= LONGEST_BODY) return body;
  throw invalid({
    resource: "Issue",
    field: "body",
    code: "custom",
    message: `body is too long (maximum is ${LONGEST_BODY} characters)`,
  });
}

/** Labels come into being with their first use. */
function readLabels(value: unknown): readonly string[] {
  const labels = Array.isArray(value) ? value : [];
  return labels.map((label) => (typeof label === "string" ? label : String((label as { name?: unknown }).name)));
}
