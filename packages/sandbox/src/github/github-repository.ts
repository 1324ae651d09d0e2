import { SandboxError } from "../core/sandbox-error.ts";
import type {
  CheckRunState,
  CommentState,
  DeploymentState,
  DeploymentStatusState,
  GitHubState,
  IssueState,
  RepositoryState,
} from "./github-state.ts";
import { addIssue } from "./issue-operations.ts";

export type GitHubCheckRunView = Readonly<Omit<CheckRunState, "app">>;
export type GitHubDeploymentView = Readonly<Omit<DeploymentState, "app" | "statuses">> & {
  readonly statuses: readonly Readonly<DeploymentStatusState>[];
};
export type GitHubIssueView = Readonly<Omit<IssueState, "comments">> & { readonly comments: readonly CommentState[] };

/** One repository, as people and tests see it. */
export interface GitHubRepository {
  readonly id: number;
  /** `owner/name`, as it is now. */
  readonly fullName: string;
  /** 40 hexadecimal digits. */
  addCommit(sha: string): void;
  archive(archived?: boolean): void;
  rename(name: string): void;
  delete(): void;
  setIssuesEnabled(enabled: boolean): void;
  checkRuns(): readonly GitHubCheckRunView[];
  deployments(): readonly GitHubDeploymentView[];
  issues(): readonly GitHubIssueView[];
  /** What a person does; returns the number. */
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
  function issue(number: number): IssueState {
    const found = repository.issues.find((one) => one.number === number);
    if (found !== undefined) return found;
    throw new SandboxError({ code: "not-found", message: "no such issue", found: `${repository.name}#${number}` });
  }

  return {
    id: repository.id,
    get fullName() {
      return `${repository.owner}/${repository.name}`;
    },
    addCommit: (sha) => void repository.commits.add(sha),
    archive(archived = true) {
      repository.archived = archived;
    },
    rename(name) {
      repository.formerNames.push(repository.name);
      repository.name = name;
    },
    delete: () => void state.repositories.splice(state.repositories.indexOf(repository), 1),
    setIssuesEnabled(enabled) {
      repository.hasIssues = enabled;
    },
    checkRuns: () => repository.checkRuns,
    deployments: () => repository.deployments,
    issues: () => repository.issues,
    openIssue({ title, body = "", labels = [] }) {
      return addIssue({ state, repository, now: now() }, { title, body, labels, author: PERSON }).number;
    },
    closeIssue(number) {
      Object.assign(issue(number), { state: "closed", stateReason: "completed", closedAt: now() });
    },
    reopenIssue(number) {
      Object.assign(issue(number), { state: "open", stateReason: "reopened", closedAt: null });
    },
    lockIssue(number, locked = true) {
      issue(number).locked = locked;
    },
    deleteIssue(number) {
      issue(number).deleted = true;
    },
  };
}
