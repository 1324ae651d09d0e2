import { generateKeyPairSync } from "node:crypto";
import type { SandboxClock } from "../core/clock.ts";
import { SandboxError } from "../core/sandbox-error.ts";
import type { World } from "../core/world.ts";
import { GITHUB_HOST } from "./github-gateway.ts";
import { checkCommit, createRepositoryAccess, type GitHubRepository, taken } from "./github-repository.ts";
import {
  type AppState,
  findRenamed,
  findRepository,
  type GitHubChange,
  type GitHubViolation,
  githubState,
  nextId,
  type Permissions,
} from "./github-state.ts";

/** Direct access to the sandbox's GitHub: no call, no fault, no permission. */
export interface GitHubSide {
  /** Base URL for `Sandbox.fetch`. A served sandbox has it at `<url>/_github/api/v3`, too. */
  readonly apiUrl: string;
  createApp(options?: NewApp): GitHubApp;
  /** @throws SandboxError `already-exists`, `bad-commit` */
  createRepository(owner: string, name: string, options?: NewGitHubRepository): GitHubRepository;
  /** By its present or a former name. @throws SandboxError `not-found` */
  repository(owner: string, name: string): GitHubRepository;
  /** Installs an App for an owner; returns the installation's id, which no other installation of this process has. */
  install(app: GitHubApp, options: NewInstallation): number;
  suspend(installation: number): void;
  unsuspend(installation: number): void;
  uninstall(installation: number): void;
  /** GitHub's clock runs this far ahead of the sandbox's (negative: behind). */
  setClockSkew(ms: number): void;
  /** Every request and response that did not fit GitHub's description of its API. */
  violations(): readonly GitHubViolation[];
  /** Tells of what changes; the returned function ends that. */
  onChange(listener: (change: GitHubChange) => void): () => void;
}

export interface NewApp {
  readonly slug?: string;
  /** What it asks for: checks, deployments and issues when not given. */
  readonly permissions?: Permissions;
  /** A key pair that no other App of this process has; they take a moment to make. */
  readonly ownKey?: boolean;
}

export interface GitHubApp {
  readonly id: number;
  readonly clientId: string;
  readonly slug: string;
  /** PEM, PKCS#1, as GitHub hands it out. */
  readonly privateKey: string;
  /** One more key; both are valid. */
  addKey(): string;
  revokeKey(privateKey: string): void;
}

export interface NewGitHubRepository {
  /** 40 hexadecimal digits each. */
  readonly commits?: readonly string[];
  /** True when not given. */
  readonly hasIssues?: boolean;
}

export interface NewInstallation {
  readonly owner: string;
  /** All of the owner's when not given. */
  readonly repositories?: "all" | readonly string[];
  /** What the App asks for when not given. */
  readonly permissions?: Permissions;
}

const USUAL_PERMISSIONS: Permissions = { checks: "write", deployments: "write", issues: "write" };

export function createGitHubSide({
  world,
  clock,
}: {
  readonly world: World;
  readonly clock: SandboxClock;
}): GitHubSide {
  const state = githubState(world);
  const now = () => clock.now() + state.skewMs;

  function installation(id: number) {
    const found = state.installations.get(id);
    if (found === undefined) throw missing("installation", String(id));
    return found;
  }

  return {
    apiUrl: `https://${GITHUB_HOST}`,
    createApp({ slug = "windlass", permissions = USUAL_PERMISSIONS, ownKey = false } = {}) {
      const id = nextId(state);
      const pair = ownKey ? makeKeyPair() : sharedKeyPair();
      const app: AppState = { id, clientId: `Iv1.${world.hexId(16)}`, slug, permissions, keys: new Map() };
      app.keys.set(pair.privateKey, pair.publicKey);
      state.apps.set(id, app);
      return describeApp(app, pair.privateKey);
    },
    createRepository(owner, name, { commits = [], hasIssues = true } = {}) {
      if (findRepository(state, owner, name) !== undefined) throw taken(`${owner}/${name}`);
      const repository = {
        id: nextId(state),
        owner,
        name,
        formerNames: [],
        archived: false,
        hasIssues,
        commits: new Set(commits.map(checkCommit)),
        checkRuns: [],
        deployments: [],
        issues: [],
        numbers: 0,
      };
      state.repositories.push(repository);
      return createRepositoryAccess(state, repository, now);
    },
    repository(owner, name) {
      const found = findRepository(state, owner, name) ?? findRenamed(state, owner, name);
      if (found === undefined) throw missing("repository", `${owner}/${name}`);
      return createRepositoryAccess(state, found, now);
    },
    install({ id: appId }, { owner, repositories = "all", permissions }) {
      const app = state.apps.get(appId);
      if (app === undefined) throw missing("App", String(appId));
      const id = nextInstallation();
      state.installations.set(id, {
        id,
        app,
        owner,
        repositories,
        permissions: permissions ?? app.permissions,
        suspendedAt: null,
      });
      return id;
    },
    suspend(id) {
      installation(id).suspendedAt = now();
    },
    unsuspend(id) {
      installation(id).suspendedAt = null;
    },
    uninstall: (id) => void state.installations.delete(id),
    setClockSkew(ms) {
      state.skewMs = ms;
    },
    violations: () => [...state.violations],
    onChange(listener) {
      state.listeners.add(listener);
      return () => void state.listeners.delete(listener);
    },
  };
}

function describeApp(app: AppState, privateKey: string): GitHubApp {
  const { id, clientId, slug } = app;
  return {
    id,
    clientId,
    slug,
    privateKey,
    addKey() {
      const pair = makeKeyPair();
      app.keys.set(pair.privateKey, pair.publicKey);
      return pair.privateKey;
    },
    revokeKey: (key) => void app.keys.delete(key),
  };
}

let installations = 50_000_000;

/** Octokit remembers tokens and limits for the whole process, by installation. */
function nextInstallation(): number {
  installations += 1;
  return installations;
}

interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

let shared: KeyPair | undefined;

/** One for the process: making a key pair takes longer than most tests. */
function sharedKeyPair(): KeyPair {
  shared ??= makeKeyPair();
  return shared;
}

function makeKeyPair(): KeyPair {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
}

function missing(what: string, found: string): SandboxError {
  return new SandboxError({ code: "not-found", message: `no such ${what}`, found });
}
