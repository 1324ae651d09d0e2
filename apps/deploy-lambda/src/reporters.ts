import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { createGitHubNotifier, parseAppCredentials } from "@windlass/github-notifier";
import { createSnsNotifier } from "@windlass/sns-notifier";
import type { ClientSettings } from "./client-settings.ts";
import type { ReportConfig } from "./config.ts";
import { LambdaError } from "./lambda-error.ts";
import type { Reporters } from "./ports.ts";

export interface GitHubPlace {
  readonly owner: string;
  readonly apiUrl: string;
  /** Name or ARN. */
  readonly secret: string;
}

export interface ReportersOptions {
  readonly clients: ClientSettings;
  /** Null: no reports to GitHub. */
  readonly github: GitHubPlace | null;
  readonly topics: ReportConfig["topics"];
  readonly now: () => Date;
  readonly fetch: typeof fetch | undefined;
  /** In milliseconds; as GitHub asks for by default. */
  readonly pace: GitHubPace | undefined;
}

export interface GitHubPace {
  readonly writeMs: number;
  /** For issues and comments, of which people get mail. */
  readonly notifyMs: number;
  /** Before a read is tried again. */
  readonly retryMs: number;
}

/** In a file of its own, loaded when there is something to tell: Octokit and two clients that most ticks do not need. */
export function createReporters(options: ReportersOptions): Reporters {
  const { clients, github, topics } = options;
  return {
    github: github === null ? null : openGitHub(options, github),
    topics: createSnsNotifier({ client: new SNSClient(clients), topics }),
  };
}

function openGitHub({ clients, now, fetch, pace }: ReportersOptions, { owner, apiUrl, secret }: GitHubPlace) {
  const secrets = new SecretsManagerClient(clients);
  return createGitHubNotifier({
    owner,
    apiUrl,
    now,
    ...(fetch === undefined ? {} : { fetch }),
    ...(pace === undefined ? {} : { pace }),
    async loadCredentials(signal) {
      const answer = await secrets.send(new GetSecretValueCommand({ SecretId: secret }), { abortSignal: signal });
      if (answer.SecretString === undefined) throw secretIsBinary(secret);
      return parseAppCredentials(answer.SecretString, { where: `secret ${secret}`, now });
    },
  });
}

function secretIsBinary(secret: string): LambdaError {
  return new LambdaError({
    code: "secret-unusable",
    message: "the secret holds no text",
    where: `secret ${secret}`,
    expected: '{ "appId": ..., "privateKey": ... } as SecretString',
    found: "SecretBinary",
    hint: "store the GitHub App's credentials as text",
  });
}
