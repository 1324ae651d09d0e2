import type { AccountMapping, GitHubOrganization } from "@windlass/account-mapping";
import { type AppCredentials, inspectGitHub, parseAppCredentials } from "@windlass/github-notifier";
import { CliError } from "./cli-error.ts";
import type { CliWorld } from "./cli-world.ts";
import { exitCode } from "./exit-code.ts";
import { formatFindings } from "./format-findings.ts";
import { printJson } from "./print-json.ts";
import { readMapping, readText } from "./read-file.ts";

export interface GitHubCheckOptions {
  readonly mapping: string;
  readonly secret?: string;
  readonly region?: string;
  readonly appId?: string;
  readonly keyFile?: string;
  readonly apiUrl?: string;
  readonly json?: true;
}

const PATIENCE_MS = 60_000;

/** `windlass github check`: 0 where all is well, 1 where something is not. Throws where it can not be begun. */
export async function checkGitHub(world: CliWorld, options: GitHubCheckOptions): Promise<number> {
  const mapping = readMapping(options.mapping, world);
  const github = githubOf(mapping, options);
  const loadCredentials = credentialsFrom(world, options, mapping);
  const findings = await inspectGitHub({
    owner: github.organization,
    apiUrl: options.apiUrl ?? github.apiUrl,
    repositories: repositoriesOf(mapping),
    loadCredentials,
    fetch: world.fetch,
    now: world.now,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const problems = findings.filter(({ kind }) => kind === "problem").length;
  if (options.json === true) printJson(world, { ok: problems === 0, findings });
  else world.write(formatFindings(findings, "GitHub is set up."));
  return problems === 0 ? exitCode.ok : exitCode.failed;
}

function githubOf({ github }: AccountMapping, { mapping }: GitHubCheckOptions): GitHubOrganization {
  if (github !== null) return github;
  throw new CliError({
    code: "github-not-mapped",
    message: "the mapping sends no reports to GitHub",
    where: mapping,
    expected: "github: { organization: ... }",
    hint: "add it, or do without reports to GitHub",
  });
}

function repositoriesOf({ images }: AccountMapping): readonly string[] {
  return Object.values(images)
    .map(({ github }) => github)
    .sort();
}

type LoadCredentials = (signal: AbortSignal) => Promise<AppCredentials>;

function credentialsFrom(world: CliWorld, options: GitHubCheckOptions, mapping: AccountMapping): LoadCredentials {
  const { secret, appId, keyFile, region = mapping.registry.region } = options;
  const { now } = world;
  if (secret !== undefined && appId === undefined && keyFile === undefined) {
    return async (signal) => {
      const { GetSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
      const client = await world.openSecrets(region);
      const answer = await client.send(new GetSecretValueCommand({ SecretId: secret }), { abortSignal: signal });
      if (answer.SecretString === undefined) {
        throw new CliError({ code: "secret-unusable", message: "the secret holds no text", where: `secret ${secret}` });
      }
      return parseAppCredentials(answer.SecretString, { where: `secret ${secret}`, now });
    };
  }
  if (secret === undefined && appId !== undefined && keyFile !== undefined) {
    const privateKey = readText(keyFile, world);
    return async () => parseAppCredentials(JSON.stringify({ appId, privateKey }), { where: keyFile, now });
  }
  throw new CliError({
    code: "options-wrong",
    message: "it is not clear where the App's credentials are",
    expected: "--secret <name>, or --app-id <id> with --key-file <file>",
  });
}
