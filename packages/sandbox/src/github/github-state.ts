import { everywhere, type StateKey, stateKey, type World } from "../core/world.ts";

/** Everything that exists on the sandbox's GitHub; times are milliseconds of GitHub's clock. */
export interface GitHubState {
  ids: number;
  readonly apps: Map<number, AppState>;
  readonly installations: Map<number, Installation>;
  readonly repositories: RepositoryState[];
  readonly tokens: Map<string, InstallationToken>;
  /** By installation. */
  readonly usage: Map<number, Usage>;
  /** How far GitHub's clock is ahead of the sandbox's, in milliseconds. */
  skewMs: number;
  readonly violations: GitHubViolation[];
  readonly listeners: Set<(change: GitHubChange) => void>;
}

export type Permissions = Readonly<Record<string, "read" | "write">>;

export interface AppState {
  readonly id: number;
  readonly clientId: string;
  readonly slug: string;
  readonly permissions: Permissions;
  /** Public keys, PEM, by their private key. */
  readonly keys: Map<string, string>;
}

export interface Installation {
  readonly id: number;
  readonly app: AppState;
  readonly owner: string;
  /** Names, or all of the owner's. */
  readonly repositories: "all" | readonly string[];
  readonly permissions: Permissions;
  suspendedAt: number | null;
}

export interface InstallationToken {
  readonly installation: Installation;
  readonly repositories: "all" | ReadonlySet<number>;
  readonly permissions: Permissions;
  readonly expiresAt: number;
}

/** What an installation asked for lately. */
export interface Usage {
  /** When the hour of its primary limit began. */
  readonly since: number;
  /** Requests in that hour. */
  used: number;
  /** Of the last minute. */
  readonly points: { readonly at: number; readonly points: number }[];
  /** Of the last hour. */
  readonly writes: number[];
}

export interface RepositoryState {
  readonly id: number;
  readonly owner: string;
  name: string;
  readonly formerNames: string[];
  archived: boolean;
  hasIssues: boolean;
  readonly commits: Set<string>;
  readonly checkRuns: CheckRunState[];
  readonly deployments: DeploymentState[];
  readonly issues: IssueState[];
  numbers: number;
}

export interface CheckRunState {
  readonly id: number;
  readonly app: AppState;
  readonly headSha: string;
  name: string;
  externalId: string;
  status: string;
  conclusion: string | null;
  detailsUrl: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  startedAt: string | null;
  completedAt: string | null;
}

export interface DeploymentStatusState {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly createdAt: number;
}

export interface DeploymentState {
  readonly id: number;
  readonly app: AppState;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly originalEnvironment: string;
  /** A status may change it. */
  environment: string;
  readonly production: boolean;
  readonly transient: boolean;
  readonly description: string | null;
  readonly payload: unknown;
  readonly createdAt: number;
  readonly statuses: DeploymentStatusState[];
}

export interface CommentState {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly createdAt: number;
}

export interface IssueState {
  readonly id: number;
  readonly number: number;
  readonly author: string;
  title: string;
  body: string;
  state: "open" | "closed";
  stateReason: string | null;
  locked: boolean;
  deleted: boolean;
  labels: readonly string[];
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  readonly comments: CommentState[];
}

/** A request or a response that does not fit GitHub's description. */
export interface GitHubViolation {
  /** As GitHub's description names it, or method and path. */
  readonly operation: string;
  readonly side: "request" | "response";
  readonly problems: readonly string[];
}

/** Something that happened on GitHub, for whoever watches. */
export interface GitHubChange {
  readonly at: Date;
  /** `owner/name`. */
  readonly repository: string;
  readonly kind: "check" | "deployment" | "deployment-status" | "issue" | "comment";
  /** In a few words, e.g. `in_progress`, `opened`, `closed`. */
  readonly what: string;
  /** What it is called: a check's name, an environment, an issue's title. */
  readonly subject: string;
  /** Id or number. */
  readonly id: number;
}

const key: StateKey<GitHubState> = stateKey("github");

export function githubState(world: World): GitHubState {
  return world.state(key, everywhere, everywhere, () => ({
    ids: 1000,
    apps: new Map(),
    installations: new Map(),
    repositories: [],
    tokens: new Map(),
    usage: new Map(),
    skewMs: 0,
    violations: [],
    listeners: new Set(),
  }));
}

export function nextId(state: GitHubState): number {
  state.ids += 1;
  return state.ids;
}

/** By present name; upper and lower case are the same. */
export function findRepository(state: GitHubState, owner: string, name: string): RepositoryState | undefined {
  return state.repositories.find((one) => isSame(one.owner, owner) && isSame(one.name, name));
}

/** A repository that once had that name. */
export function findRenamed(state: GitHubState, owner: string, name: string): RepositoryState | undefined {
  return state.repositories.find(
    (one) => isSame(one.owner, owner) && one.formerNames.some((former) => isSame(former, name)),
  );
}

export function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
