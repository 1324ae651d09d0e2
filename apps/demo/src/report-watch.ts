import type { AccountMapping } from "@windlass/account-mapping";
import type { GitHubChange, Sandbox, SnsMessage } from "@windlass/sandbox";
import { repositoriesOf, TOPICS, type Topic, topicName } from "./reporting.ts";

/** What people would see on GitHub, and get by mail or in a chat. */
export interface ReportWatch {
  /** What was shown since it was last asked, a line for each. */
  take(): readonly string[];
  github(): GitHubSummary;
  sns(): SnsSummary;
  close(): void;
}

/** By repository. */
export type GitHubSummary = Readonly<Record<string, RepositorySummary>>;

export interface RepositorySummary {
  readonly checks: readonly { readonly name: string; readonly commit: string; readonly state: string }[];
  readonly deployments: readonly {
    readonly environment: string;
    readonly commit: string;
    readonly states: readonly string[];
  }[];
  readonly issues: readonly {
    readonly number: number;
    readonly title: string;
    readonly state: string;
    readonly comments: number;
  }[];
}

/** Subjects, by area and topic. */
export type SnsSummary = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export function watchReports(sandbox: Sandbox, mapping: AccountMapping): ReportWatch {
  let changes: GitHubChange[] = [];
  const told = new Map<string, number>();
  const stop = sandbox.github.onChange((change) => void changes.push(change));

  function messagesOf(area: string, topic: Topic): readonly SnsMessage[] {
    const found = mapping.areas[area];
    return found === undefined ? [] : sandbox.account(found.account).sns(found.region).messages(topicName(topic));
  }

  function newMessages(): readonly string[] {
    return Object.keys(mapping.areas).flatMap((area) =>
      TOPICS.flatMap((topic) => {
        const messages = messagesOf(area, topic);
        const fresh = messages.slice(told.get(`${area} ${topic}`) ?? 0);
        told.set(`${area} ${topic}`, messages.length);
        return fresh.map(({ subject }) => `SNS ${topic}: ${subject ?? ""}`);
      }),
    );
  }

  return {
    take() {
      const lines = [...describeChanges(changes), ...newMessages()];
      changes = [];
      return lines;
    },
    github: () => summarizeGitHub(sandbox, mapping),
    sns: () =>
      Object.fromEntries(
        Object.keys(mapping.areas).map((area) => [
          area,
          Object.fromEntries(
            TOPICS.map((topic) => [topic, messagesOf(area, topic).map(({ subject }) => subject ?? "")]),
          ),
        ]),
      ),
    close: stop,
  };
}

/** One line for each repository: what happened there, in order. */
function describeChanges(changes: readonly GitHubChange[]): readonly string[] {
  const byRepository = new Map<string, string[]>();
  for (const change of changes) {
    const text = describeChange(change);
    if (text === null) continue;
    byRepository.set(change.repository, [...(byRepository.get(change.repository) ?? []), text]);
  }
  return [...byRepository].map(([repository, texts]) => `GitHub ${repository}: ${texts.join(", ")}`);
}

function describeChange({ kind, what, subject, id }: GitHubChange): string | null {
  switch (kind) {
    case "check":
      return `check "${subject}" ${what}`;
    case "deployment":
      return null;
    case "deployment-status":
      return `deployment in ${subject} ${what}`;
    case "issue":
      return `issue #${id} "${subject}" ${what}`;
    case "comment":
      return `a comment in issue #${id}`;
  }
}

function summarizeGitHub({ github }: Sandbox, mapping: AccountMapping): GitHubSummary {
  const organisation = mapping.github;
  if (organisation === null) return {};
  return Object.fromEntries(
    repositoriesOf(mapping).map((name): [string, RepositorySummary] => {
      const repository = github.repository(organisation.organization, name);
      return [
        repository.fullName,
        {
          checks: repository
            .checkRuns()
            .map((run) => ({ name: run.name, commit: run.headSha, state: run.conclusion ?? run.status })),
          deployments: repository.deployments().map(({ environment, sha, statuses }) => ({
            environment,
            commit: sha,
            states: statuses.map(({ state }) => state),
          })),
          issues: repository
            .issues()
            .map(({ number, title, state, comments }) => ({ number, title, state, comments: comments.length })),
        },
      ];
    }),
  );
}
