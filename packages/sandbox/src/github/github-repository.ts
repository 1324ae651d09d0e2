import { SandboxError } from "../core/sandbox-error.ts";
import { tell } from "./github-call.ts";
import {
  type CheckRunState,
  type CommentState,
  type DeploymentState,
  type DeploymentStatusState,
  findRepository,
  type GitHubState,
  type IssueState,
  isSame,
  type RepositoryState,
} from "./github-state.ts";
import { openIssue, setIssueState } from "./issue-operations.ts";

/** Times GitHub tells are ISO 8601; those it sets are milliseconds of its clock. */
export type GitHubCheckRunView = Readonly<Omit<CheckRunState, "app">>;
export type GitHubDeploymentView = Readonly<Omit<DeploymentState, "app" | "statuses">> & {
  readonly statuses: readonly Readonly<DeploymentStatusState>[];
};
export type GitHubIssueView = Readonly<Omit<IssueState, "comments">> & { readonly comments: readonly CommentState[] };

/** One repository, as people and tests see it: what it tells is as of that moment. */
export interface GitHubRepository {
  readonly id: number;
  /** `owner/name`, as it is now. */
  readonly fullName: string;
  /** Makes it the newest of `main`. 40 hexadecimal digits. @throws SandboxError `bad-commit` */
  addCommit(sha: string): void;
  archive(archived?: boolean): void;
  /** The former name leads to it until another repository takes that. @throws SandboxError `already-exists` */
  rename(name: string): void;
  delete(): void;
  setIssuesEnabled(enabled: boolean): void;
  checkRuns(): readonly GitHubCheckRunView[];
  deployments(): readonly GitHubDeploymentView[];
  issues(): readonly GitHubIssueView[];
  /** What a person does; returns the number. Those about an issue: @throws SandboxError `not-found` */
  openIssue(issue: { readonly title: string; readonly body?: string; readonly labels?: readonly string[] }): number;
  closeIssue(number: number): void;
  reopenIssue(number: number): void;
  lockIssue(number: number, locked?: boolean): void;
  deleteIssue(number: number): void;
}

const PERSON = "a-person";

export function createRepositoryAccess(
  state: GitHubState,
  repository: RepositoryState,
  now: () => number,
): GitHubRepository {
  const scene = () => ({ state, repository, now: now() });

  function issue(number: number): IssueState {
    const found = repository.issues.find((one) => one.number === number && !one.deleted);
    if (found !== undefined) return found;
    throw new SandboxError({ code: "not-found", message: "no such issue", found: `${repository.name}#${number}` });
  }

  return {
    id: repository.id,
    get fullName() {
      return `${repository.owner}/${repository.name}`;
    },
    addCommit: (sha) => void repository.commits.add(checkCommit(sha)),
    archive(archived = true) {
      repository.archived = archived;
    },
    rename(name) {
      const other = findRepository(state, repository.owner, name);
      if (other !== undefined && other !== repository) throw taken(`${repository.owner}/${name}`);
      if (!isSame(name, repository.name)) repository.formerNames.push(repository.name);
      repository.name = name;
    },
    delete() {
      const kept = state.repositories.filter((one) => one !== repository);
      state.repositories.splice(0, state.repositories.length, ...kept);
    },
    setIssuesEnabled(enabled) {
      repository.hasIssues = enabled;
    },
    checkRuns: () => repository.checkRuns.map(({ app: _, ...run }) => run),
    deployments: () => repository.deployments.map(({ app: _, ...one }) => ({ ...one, statuses: [...one.statuses] })),
    issues: () => repository.issues.map((one) => ({ ...one, comments: [...one.comments] })),
    openIssue: ({ title, body = "", labels = [] }) =>
      openIssue(scene(), { title, body, labels, author: PERSON }).number,
    closeIssue: (number) => setIssueState(scene(), issue(number), { state: "closed", reason: undefined }),
    reopenIssue: (number) => setIssueState(scene(), issue(number), { state: "open", reason: undefined }),
    lockIssue(number, locked = true) {
      const found = issue(number);
      found.locked = locked;
      tell(scene(), { kind: "issue", what: locked ? "locked" : "unlocked", subject: found.title, id: number });
    },
    deleteIssue(number) {
      const found = issue(number);
      found.deleted = true;
      tell(scene(), { kind: "issue", what: "deleted", subject: found.title, id: number });
    },
  };
}

export function checkCommit(sha: string): string {
  if (/^[0-9a-f]{40}$/.test(sha)) return sha;
  throw new SandboxError({ code: "bad-commit", message: "no commit", expected: "40 hexadecimal digits", found: sha });
}

export function taken(name: string): SandboxError {
  return new SandboxError({ code: "already-exists", message: "there is such a repository", found: name });
}
