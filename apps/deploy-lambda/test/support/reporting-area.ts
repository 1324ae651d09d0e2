import type { GitHubRepository } from "@windlass/sandbox";
import { account, region } from "./names.ts";
import { openTestArea, type TestAreaOptions } from "./test-area.ts";

export const owner = "AusDTO";
const SECRET = "windlass/github-app";
const topicArn = (name: string) => `arn:aws:sns:${region}:${account}:${name}`;

export interface ReportingAreaOptions extends TestAreaOptions {
  /** Base URL of the API; GitHub's own by default. */
  readonly apiUrl?: string;
}

/** An area whose deployments are shown on GitHub and SNS. */
export function openReportingArea(options: ReportingAreaOptions = {}) {
  const { apiUrl, images = { "dga-network": { kind: "terraform" } } } = options;
  const area = openTestArea({
    ...options,
    images,
    mapping: { github: { organization: owner } },
    env: {
      WINDLASS_GITHUB_SECRET: SECRET,
      WINDLASS_TOPIC_START: topicArn("start"),
      WINDLASS_TOPIC_FINISHED: topicArn("finished"),
      WINDLASS_TOPIC_ERROR: topicArn("error"),
      ...(apiUrl === undefined ? {} : { WINDLASS_GITHUB_API_URL: apiUrl }),
      ...options.env,
    },
  });
  const { github } = area.sandbox;
  const app = github.createApp();
  const installation = github.install(app, { owner });
  const repositories = Object.fromEntries(
    Object.keys(images).map((image): [string, GitHubRepository] => [image, github.createRepository(owner, image)]),
  );
  area.own.secrets(region).put(SECRET, JSON.stringify({ appId: String(app.id), privateKey: app.privateKey }));
  const sns = area.own.sns(region);
  for (const topic of ["start", "finished", "error"]) sns.createTopic(topic);
  let commits = 0;
  return {
    ...area,
    github,
    app,
    installation,
    sns,
    repositories,
    /** Pushes a build of the image, of a commit of its own that its repository has. */
    release(image: string): string {
      commits += 1;
      const commit = commits.toString(16).padStart(40, "c");
      repositories[image]?.addCommit(commit);
      area.push(image, commit);
      return commit;
    },
    githubCalls: () =>
      Object.fromEntries(Object.entries(area.sandbox.calls.count()).filter(([name]) => name.startsWith("github:"))),
  };
}

export type ReportingArea = ReturnType<typeof openReportingArea>;
