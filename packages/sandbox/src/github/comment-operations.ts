import { type GitHubAnswer, pageOf, type RepositoryCall, tell } from "./github-call.ts";
import { GitHubFault, invalid } from "./github-fault.ts";
import { nextId } from "./github-state.ts";
import { readBody } from "./issue-input.ts";
import { botOf, findIssue } from "./issue-operations.ts";
import { commentView } from "./views.ts";

/** https://docs.github.com/en/rest/issues/comments#create-an-issue-comment */
export function createComment(call: RepositoryCall): GitHubAnswer {
  const { state, now } = call;
  const issue = findIssue(call);
  if (issue.locked) throw new GitHubFault(403, "Unable to create comment because issue is locked.");
  const body = readBody(call.body["body"]);
  if (body.trim() === "") throw invalid({ resource: "IssueComment", field: "body", code: "missing_field" });
  const comment = { id: nextId(state), author: botOf(call), body, createdAt: now };
  issue.comments.push(comment);
  issue.updatedAt = now;
  tell(call, { kind: "comment", what: "created", subject: issue.title, id: issue.number });
  return { status: 201, body: commentView(call, issue, comment) };
}

/** Oldest first: https://docs.github.com/en/rest/issues/comments#list-issue-comments */
export function listComments(call: RepositoryCall): GitHubAnswer {
  const { repository, parameters } = call;
  const issue = findIssue(call);
  const since = Date.parse(parameters["since"] ?? "1970-01-01T00:00:00Z");
  const found = issue.comments.filter(({ createdAt }) => createdAt >= since);
  const path = `/repos/${repository.owner}/${repository.name}/issues/${issue.number}/comments`;
  const { items, headers } = pageOf(call, path, found);
  return { status: 200, headers, body: items.map((comment) => commentView(call, issue, comment)) };
}
