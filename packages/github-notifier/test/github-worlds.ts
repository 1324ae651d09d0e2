import type { GitHubDelivery, GitHubTask } from "../src/index.ts";
import { createGitHubNotifier, parseAppCredentials } from "../src/index.ts";
import { openGitHub, owner, pace, repository, sha, unlimited } from "./open-github.ts";

export interface SeenCheck {
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
}

export interface SeenIssue {
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly labels: readonly string[];
  readonly body: string;
  readonly comments: readonly string[];
}

/** An implementation of GitHub with the App on one repository. */
export interface GitHubWorld {
  /** A full commit of the repository. */
  readonly sha: string;
  deliver(task: GitHubTask): Promise<GitHubDelivery>;
  checks(): Promise<readonly SeenCheck[]>;
  /** Open or closed, oldest first. */
  issues(): Promise<readonly SeenIssue[]>;
  close(): Promise<void>;
}

export interface WorldChoice {
  readonly title: string;
  /** Why it can not be had here; null where it can. */
  readonly missing: string | null;
  open(): Promise<GitHubWorld>;
}

const nodeMajor = Number(process.versions.node.split(".")[0]);
const tooOld = nodeMajor < 24 ? `the emulator needs Node 24, this is ${process.versions.node}` : null;

export const worlds: readonly WorldChoice[] = [
  { title: "the sandbox's", missing: null, open: async () => openSandboxWorld() },
  {
    title: tooOld === null ? "an independent emulator's" : `an independent emulator's (skipped: ${tooOld})`,
    missing: tooOld,
    open: openEmulator,
  },
];

function openSandboxWorld(): GitHubWorld {
  const { notifier, repo } = openGitHub();
  return {
    sha,
    deliver: (task) => notifier.deliver(task, unlimited()),
    checks: async () => repo.checkRuns(),
    issues: async () =>
      repo.issues().map(({ comments, ...issue }) => ({ ...issue, comments: comments.map(({ body }) => body) })),
    close: async () => {},
  };
}

const permissions = { checks: "write", issues: "write", deployments: "write", metadata: "read" };

/** https://github.com/vercel-labs/emulate: it knows no deployments, so a task for it has none. */
async function openEmulator(): Promise<GitHubWorld> {
  const { createEmulator } = await import("emulate");
  const emulator = await createEmulator({
    service: "github",
    port: 0,
    seed: {
      tokens: { admin: { login: "admin", scopes: ["repo"] } },
      github: {
        users: [{ login: "admin" }],
        orgs: [{ login: owner }],
        repos: [{ owner, name: repository, auto_init: true }],
        apps: [
          {
            app_id: 12_345,
            slug: "windlass",
            name: "Windlass",
            permissions,
            installations: [{ installation_id: 100, account: owner, repository_selection: "all", permissions }],
          },
        ],
      },
    },
  });
  const [key] = emulator.generatedSecrets.filter(({ kind }) => kind === "github.app_private_key");
  const secret = JSON.stringify({ appId: "12345", privateKey: key?.value ?? "" });
  const notifier = createGitHubNotifier({
    owner,
    apiUrl: emulator.url,
    pace,
    loadCredentials: async () => parseAppCredentials(secret, { where: "emulator" }),
  });
  const read = async <T>(path: string): Promise<T> => {
    const url = `${emulator.url}/repos/${owner}/${repository}${path}`;
    return (await (await fetch(url, { headers: { authorization: "token admin" } })).json()) as T;
  };
  const head = await read<{ commit: { sha: string } }>("/branches/main");
  return {
    sha: head.commit.sha,
    deliver: (task) => notifier.deliver(task, unlimited()),
    async checks() {
      const { check_runs: runs } = await read<{ check_runs: SeenCheck[] }>(
        `/commits/${head.commit.sha}/check-runs?filter=all`,
      );
      return runs;
    },
    async issues() {
      const found = await read<(Omit<SeenIssue, "labels" | "comments"> & { labels: { name: string }[] })[]>(
        "/issues?state=all&direction=asc",
      );
      return Promise.all(
        found.map(async (issue) => {
          const comments = await read<{ body: string }[]>(`/issues/${issue.number}/comments`);
          return { ...issue, labels: issue.labels.map(({ name }) => name), comments: comments.map(({ body }) => body) };
        }),
      );
    },
    close: () => emulator.close(),
  };
}
