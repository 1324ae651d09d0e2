import { inspectGitHub, parseAppCredentials } from "@windlass/github-notifier";
import type { AreaOptions } from "../area-options.ts";
import type { CliWorld } from "../cli-world.ts";
import { exitCode } from "../exit-code.ts";
import { formatFindings } from "../format-findings.ts";
import { type OpenArea, openArea } from "../open-area.ts";
import { openMapping } from "../open-mapping.ts";
import { printJson } from "../print-json.ts";
import { requireArea } from "../require-name.ts";
import { checkBucket } from "./check-bucket.ts";
import { checkGroup, checkRegistry, checkTopics } from "./check-resources.ts";
import { checkTicks } from "./check-ticks.ts";
import { type Finding, findOut, isNamed, ok, problem } from "./finding.ts";

export interface DoctorOptions extends AreaOptions {
  readonly area: string;
}

const PATIENCE_MS = 60_000;

/**
 * `windlass doctor`: 0 where nothing is wrong, 1 where something is. What the person may not look at is said, and is no
 * fault. Throws where the area can not be opened at all: credentials, account.
 */
export async function examine(world: CliWorld, options: DoctorOptions): Promise<number> {
  const mapping = openMapping(world, options);
  const { name } = requireArea(mapping, options.area);
  const open = await openArea(world, { mapping, name, options });
  const findings = await examineArea(world, open);
  const problems = findings.filter(({ kind }) => kind === "problem").length;
  if (options.json === true) printJson(world, { ok: problems === 0, area: name, findings });
  else world.write(formatFindings(findings, `${name} is set up.`));
  return problems === 0 ? exitCode.ok : exitCode.failed;
}

async function examineArea(world: CliWorld, open: OpenArea): Promise<readonly Finding[]> {
  const { caller, area } = open;
  const checks = await Promise.all([
    checkBucket(open),
    checkRegistry(world, open),
    checkGroup(open),
    checkTicks(open, world.now()),
    checkTopics(open),
    checkGitHubApp(world, open),
  ]);
  return [ok("account", `account ${area.account}`, `the credentials are of ${caller.arn}`), ...checks.flat()];
}

/** The App that shows deployments, with the key that the area's Lambda has. */
function checkGitHubApp(world: CliWorld, { slice, area, clients }: OpenArea): Promise<readonly Finding[]> {
  const { github } = slice;
  const secret = area.infra.githubSecret;
  const subject = `secret ${secret}`;
  if (github === null)
    return Promise.resolve([ok("github-not-mapped", "GitHub", "the mapping sends no reports there")]);
  return findOut({
    subject,
    needs: "secretsmanager:GetSecretValue on the secret",
    async look() {
      const { GetSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
      const client = await clients.secrets();
      let text: string | undefined;
      try {
        text = (await client.send(new GetSecretValueCommand({ SecretId: secret }))).SecretString;
      } catch (error) {
        if (!isNamed(error, "ResourceNotFoundException")) throw error;
      }
      if (text === undefined) {
        const hint = "put the App's credentials there, or set infra.githubSecret in the account mapping";
        return [problem({ code: "secret-missing", subject, message: "it is not there, or holds no text", hint })];
      }
      const credentials = text;
      return inspectGitHub({
        owner: github.organization,
        apiUrl: github.apiUrl,
        repositories: Object.values(slice.images)
          .map((image) => image.github)
          .sort(),
        loadCredentials: async () => parseAppCredentials(credentials, { where: subject, now: world.now }),
        fetch: world.fetch,
        now: world.now,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
    },
  });
}
