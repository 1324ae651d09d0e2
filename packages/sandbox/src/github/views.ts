import { type GitHubCall, type RepositoryCall, toTime } from "./github-call.ts";
import type {
  AppState,
  CheckRunState,
  CommentState,
  DeploymentState,
  DeploymentStatusState,
  Installation,
  IssueState,
  RepositoryState,
} from "./github-state.ts";

type Json = Record<string, unknown>;

const WEB = "https://github.com";
const USER_URLS = "events followers following gists organizations received_events repos starred subscriptions".split(
  " ",
);
const REPOSITORY_URLS =
  "archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags teams trees".split(
    " ",
  );

export function userView({ apiUrl }: GitHubCall, login: string): Json {
  const url = `${apiUrl}/users/${login}`;
  return {
    login,
    id: stableNumber(login),
    node_id: `U_${login}`,
    avatar_url: `${WEB}/${login}.png`,
    gravatar_id: "",
    url,
    html_url: `${WEB}/${login}`,
    ...urls(url, USER_URLS),
    type: login.endsWith("[bot]") ? "Bot" : "Organization",
    site_admin: false,
  };
}

export function appView(call: GitHubCall, app: AppState, owner: string): Json {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: `A_${app.id}`,
    owner: userView(call, owner),
    name: app.slug,
    description: null,
    external_url: WEB,
    html_url: `${WEB}/apps/${app.slug}`,
    created_at: toTime(0),
    updated_at: toTime(0),
    permissions: { metadata: "read", ...app.permissions },
    events: [],
  };
}

export function installationView(call: GitHubCall, installation: Installation): Json {
  const { id, app, owner, suspendedAt, permissions, repositories } = installation;
  const suspended = suspendedAt === null ? null : toTime(suspendedAt);
  return {
    id,
    account: userView(call, owner),
    repository_selection: repositories === "all" ? "all" : "selected",
    access_tokens_url: `${call.apiUrl}/app/installations/${id}/access_tokens`,
    repositories_url: `${call.apiUrl}/installation/repositories`,
    html_url: `${WEB}/organizations/${owner}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: stableNumber(owner),
    target_type: "Organization",
    permissions: { metadata: "read", ...permissions },
    events: [],
    created_at: toTime(0),
    updated_at: toTime(0),
    single_file_name: null,
    suspended_by: suspended === null ? null : userView(call, owner),
    suspended_at: suspended,
  };
}

export function repositoryView(call: GitHubCall, repository: RepositoryState): Json {
  const { id, owner, name, archived, hasIssues, issues } = repository;
  const url = `${call.apiUrl}/repos/${owner}/${name}`;
  const open = issues.filter((issue) => issue.state === "open" && !issue.deleted).length;
  const html = `${WEB}/${owner}/${name}`;
  return {
    id,
    node_id: `R_${id}`,
    name,
    full_name: `${owner}/${name}`,
    owner: userView(call, owner),
    private: true,
    html_url: html,
    description: null,
    fork: false,
    url,
    ...urls(url, REPOSITORY_URLS),
    clone_url: `${html}.git`,
    git_url: `git://github.com/${owner}/${name}.git`,
    ssh_url: `git@github.com:${owner}/${name}.git`,
    svn_url: html,
    mirror_url: null,
    default_branch: "main",
    homepage: null,
    language: null,
    license: null,
    forks: 0,
    forks_count: 0,
    network_count: 0,
    stargazers_count: 0,
    subscribers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 1,
    open_issues: open,
    open_issues_count: open,
    has_issues: hasIssues,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    has_downloads: false,
    archived,
    disabled: false,
    pushed_at: toTime(0),
    created_at: toTime(0),
    updated_at: toTime(0),
  };
}

export function checkRunView(call: RepositoryCall, run: CheckRunState): Json {
  const { owner, name } = call.repository;
  const { title, summary, text } = run;
  const url = `${call.apiUrl}/repos/${owner}/${name}/check-runs/${run.id}`;
  return {
    id: run.id,
    node_id: `CR_${run.id}`,
    head_sha: run.headSha,
    name: run.name,
    external_id: run.externalId,
    url,
    html_url: `${WEB}/${owner}/${name}/runs/${run.id}`,
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: { title, summary, text, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: stableNumber(run.headSha) },
    app: appView(call, run.app, owner),
    pull_requests: [],
  };
}

export function deploymentView(call: RepositoryCall, deployment: DeploymentState): Json {
  const { id, sha, ref, task, payload, environment, description, createdAt, production, transient, app } = deployment;
  const updatedAt = deployment.statuses.at(-1)?.createdAt ?? createdAt;
  const url = `${call.apiUrl}/repos/${call.repository.owner}/${call.repository.name}`;
  return {
    url: `${url}/deployments/${id}`,
    id,
    node_id: `DE_${id}`,
    sha,
    ref,
    task,
    payload,
    original_environment: deployment.originalEnvironment,
    environment,
    description,
    creator: userView(call, `${app.slug}[bot]`),
    created_at: toTime(createdAt),
    updated_at: toTime(updatedAt),
    statuses_url: `${url}/deployments/${id}/statuses`,
    repository_url: url,
    transient_environment: transient,
    production_environment: production,
  };
}

export function statusView(call: RepositoryCall, deployment: DeploymentState, status: DeploymentStatusState): Json {
  const { id, state, description, environment, environmentUrl, logUrl, createdAt } = status;
  const url = `${call.apiUrl}/repos/${call.repository.owner}/${call.repository.name}`;
  return {
    url: `${url}/deployments/${deployment.id}/statuses/${id}`,
    id,
    node_id: `DS_${id}`,
    state,
    creator: userView(call, `${deployment.app.slug}[bot]`),
    description,
    environment,
    target_url: logUrl,
    log_url: logUrl,
    environment_url: environmentUrl,
    created_at: toTime(createdAt),
    updated_at: toTime(createdAt),
    deployment_url: `${url}/deployments/${deployment.id}`,
    repository_url: url,
  };
}

export function issueView(call: RepositoryCall, issue: IssueState): Json {
  const { owner, name } = call.repository;
  const url = `${call.apiUrl}/repos/${owner}/${name}/issues/${issue.number}`;
  return {
    id: issue.id,
    node_id: `I_${issue.id}`,
    url,
    repository_url: `${call.apiUrl}/repos/${owner}/${name}`,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `${WEB}/${owner}/${name}/issues/${issue.number}`,
    number: issue.number,
    state: issue.state,
    state_reason: issue.stateReason,
    title: issue.title,
    body: issue.body,
    user: userView(call, issue.author),
    labels: issue.labels.map((label) => labelView(call, label)),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: issue.locked,
    comments: issue.comments.length,
    created_at: toTime(issue.createdAt),
    updated_at: toTime(issue.updatedAt),
    closed_at: issue.closedAt === null ? null : toTime(issue.closedAt),
    author_association: "NONE",
  };
}

export function labelView({ apiUrl, repository }: RepositoryCall, name: string): Json {
  // Half a character can not be part of an address.
  const wellFormed = Buffer.from(name).toString();
  return {
    id: stableNumber(name),
    node_id: `L_${name}`,
    url: `${apiUrl}/repos/${repository.owner}/${repository.name}/labels/${encodeURIComponent(wellFormed)}`,
    name,
    description: null,
    color: "ededed",
    default: false,
  };
}

export function commentView(call: RepositoryCall, issue: IssueState, comment: CommentState): Json {
  const { owner, name } = call.repository;
  const url = `${call.apiUrl}/repos/${owner}/${name}/issues`;
  return {
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url: `${url}/comments/${comment.id}`,
    html_url: `${WEB}/${owner}/${name}/issues/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${url}/${issue.number}`,
    body: comment.body,
    user: userView(call, comment.author),
    created_at: toTime(comment.createdAt),
    updated_at: toTime(comment.createdAt),
    author_association: "NONE",
  };
}

function urls(base: string, names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [`${name}_url`, `${base}/${name}`]));
}

/** The same name has the same id. */
function stableNumber(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 1_000_000_007, 7);
}
