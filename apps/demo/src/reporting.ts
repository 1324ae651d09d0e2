import type { AccountMapping, Area } from "@windlass/account-mapping";
import type { GitHubApp, Sandbox } from "@windlass/sandbox";

const SECRET = "windlass/github-app";
/** Of each area. */
export const TOPICS = ["start", "finished", "error"] as const;
export type Topic = (typeof TOPICS)[number];

/** Where the organisation's reports go: its GitHub, with the App and a repository for each image. */
export interface Reporting {
  /** The environment of an area's Lambda; makes the area's secret and topics. */
  environmentFor(area: Area): Readonly<Record<string, string>>;
  /** The image's repository gets that commit; the full one is returned. */
  addCommit(image: string, short: string): string;
}

export interface ReportingOptions {
  readonly sandbox: Sandbox;
  /** Of the served sandbox. */
  readonly url: string;
  readonly mapping: AccountMapping;
}

/** Makes the GitHub App, installs it, and makes the mapped repositories; without `github` in the mapping there is none. */
export function openReporting({ sandbox, url, mapping }: ReportingOptions): Reporting {
  const { github } = mapping;
  const app = github === null ? null : setUpGitHub(sandbox, mapping, github.organization);
  return {
    environmentFor({ account, region }) {
      const sns = sandbox.account(account).sns(region);
      const topics = TOPICS.map((topic) => [
        `WINDLASS_TOPIC_${topic.toUpperCase()}`,
        sns.createTopic(topicName(topic)),
      ]);
      if (app === null) return Object.fromEntries(topics);
      const secret = JSON.stringify({ appId: String(app.id), privateKey: app.privateKey });
      sandbox.account(account).secrets(region).put(SECRET, secret);
      const place = { WINDLASS_GITHUB_SECRET: SECRET, WINDLASS_GITHUB_API_URL: `${url}/_github/api/v3` };
      return { ...Object.fromEntries(topics), ...place };
    },
    addCommit(image, short) {
      const commit = fullCommit(short);
      const repository = mapping.images[image]?.github;
      if (github !== null && repository !== undefined)
        sandbox.github.repository(github.organization, repository).addCommit(commit);
      return commit;
    },
  };
}

export function topicName(topic: Topic): string {
  return `windlass-${topic}`;
}

/** The names of the repositories that reports go to. */
export function repositoriesOf({ images }: AccountMapping): readonly string[] {
  return [...new Set(Object.values(images).map(({ github }) => github))];
}

function setUpGitHub(sandbox: Sandbox, mapping: AccountMapping, owner: string): GitHubApp {
  const app = sandbox.github.createApp();
  sandbox.github.install(app, { owner });
  for (const name of repositoriesOf(mapping)) sandbox.github.createRepository(owner, name);
  return app;
}

/** The story tells commits by their first digits; Git has forty. */
function fullCommit(short: string): string {
  return short.padEnd(40, "0123456789abcdef0123456789abcdef");
}
