import type { Octokit } from "@octokit/rest";
import { type AppAccess, type AskContext, isGranted, NEEDED_PERMISSIONS } from "./app-access.ts";
import { explainFailure } from "./explain-failure.ts";
import type { GitHubNotifierOptions } from "./github-notifier.ts";
import { openAccess } from "./open-access.ts";
import type { RepositoryAccess } from "./repository-access.ts";
import { hasStatus } from "./request-failure.ts";
import type { TroubleCode } from "./trouble.ts";

/** One thing that was looked at. */
export interface Finding {
  readonly kind: "ok" | "warning" | "problem";
  readonly code: FindingCode;
  /** What it is about: the App, the organisation, a repository. */
  readonly subject: string;
  readonly message: string;
  /** What a person can do; null where nothing is to be done. */
  readonly hint: string | null;
}

export type FindingCode =
  | TroubleCode
  /** GitHub knows no App of this id. */
  | "app-unknown"
  | "app-reached"
  | "clock-differs"
  | "installed"
  | "permissions-granted"
  | "repository-reached"
  | "repository-moved";

export interface InspectOptions extends Omit<GitHubNotifierOptions, "pace"> {
  /** Names of the repositories that reports go to. */
  readonly repositories: readonly string[];
  readonly signal: AbortSignal;
}

type AppAnswer = Awaited<ReturnType<Octokit["rest"]["apps"]["getAuthenticated"]>>;

const CONCURRENCY = 5;
/** A token may be a minute old and eight minutes young. */
const TOLERATED_SKEW_MS = 60_000;

/**
 * Looks at everything that reports to GitHub rest on, and changes nothing: the credentials, the App, its installation
 * and permissions, and every repository. Stops where what follows could not be known. Never rejects.
 */
export async function inspectGitHub(options: InspectOptions): Promise<readonly Finding[]> {
  const { owner, repositories: names, now = () => new Date(), signal } = options;
  const { app, repositories } = openAccess(options);
  const context: AskContext = { signal, onLimit: () => {} };
  const reached = await reachApp(app, context, now);
  if (reached.some(({ kind }) => kind === "problem")) return reached;
  const installed = await findInstalled(app, owner, context);
  const found = [...reached, ...installed];
  if (installed.some(({ code }) => code === "not-installed" || code === "installation-suspended")) return found;
  return [...found, ...(await inspectRepositories(repositories, names, { owner, context }))];
}

async function reachApp(app: AppAccess, context: AskContext, now: () => Date): Promise<readonly Finding[]> {
  try {
    const answer = await app.ask((octokit) => octokit.rest.apps.getAuthenticated(), context);
    const name = answer.data?.slug ?? answer.data?.name ?? "the App";
    const reached = ok("app-reached", "App", `GitHub knows the App ${name} (${answer.data?.id ?? "?"}) by its key`);
    return [
      reached,
      ...clockFinding(answer, now()),
      ...missingPermissions("App", answer.data?.permissions ?? {}, ASK_FOR),
    ];
  } catch (error) {
    if (hasStatus(error, 404)) {
      const hint = "copy the App ID (or the Client ID) from the App's settings page";
      return [
        { kind: "problem", code: "app-unknown", subject: "App", message: "GitHub knows no App of this id", hint },
      ];
    }
    return [await problemOf(error, "App")];
  }
}

function clockFinding({ headers }: AppAnswer, now: Date): readonly Finding[] {
  const difference = Date.parse(headers.date ?? "") - now.getTime();
  if (!(Math.abs(difference) > TOLERATED_SKEW_MS)) return [];
  const message = `GitHub's clock is ${Math.round(difference / 1000)} seconds from this machine's`;
  return [
    {
      kind: "warning",
      code: "clock-differs",
      subject: "clock",
      message,
      hint: "set the machine's clock; tokens are corrected meanwhile",
    },
  ];
}

const ASK_FOR = "let the App ask for it on its settings page, Permissions & events";
const ACCEPT = "an owner of the organisation accepts the App's new permissions on the installation's page";

function missingPermissions(
  subject: string,
  granted: Readonly<Record<string, unknown>>,
  hint: string,
): readonly Finding[] {
  const missing = Object.entries(NEEDED_PERMISSIONS).filter((needed) => !isGranted(granted, needed));
  return missing.map(([name, level]) => {
    const message = `${subject === "App" ? "the App does not ask for" : "the installation lacks"} the permission ${name}: ${level}`;
    return { kind: "problem", code: "permission-missing", subject, message, hint };
  });
}

async function findInstalled(app: AppAccess, owner: string, context: AskContext): Promise<readonly Finding[]> {
  try {
    const { data } = await app.ask((octokit) => octokit.rest.apps.getOrgInstallation({ org: owner }), context);
    if (data.suspended_at !== null) {
      const hint = "unsuspend it on the installation's page";
      return [
        {
          kind: "problem",
          code: "installation-suspended",
          subject: owner,
          message: "the installation is suspended",
          hint,
        },
      ];
    }
    const missing = missingPermissions(owner, data.permissions, ACCEPT);
    const granted =
      missing.length > 0 ? missing : [ok("permissions-granted", owner, "it has the permissions it needs")];
    return [ok("installed", owner, `the App is installed (${data.repository_selection} repositories)`), ...granted];
  } catch (error) {
    if (!hasStatus(error, 404)) return [await problemOf(error, owner)];
    const hint = `install the App on ${owner}, from its page: Install App`;
    return [
      { kind: "problem", code: "not-installed", subject: owner, message: "the App is not installed there", hint },
    ];
  }
}

interface Inspecting {
  readonly owner: string;
  readonly context: AskContext;
}

async function inspectRepositories(
  access: RepositoryAccess,
  names: readonly string[],
  inspecting: Inspecting,
): Promise<readonly Finding[]> {
  const found: (readonly Finding[])[] = [];
  const queue = [...new Set(names)].entries();
  async function work(): Promise<void> {
    for (const [index, name] of queue) found[index] = await inspectRepository(access, name, inspecting);
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return found.flat();
}

async function inspectRepository(
  access: RepositoryAccess,
  name: string,
  { owner, context }: Inspecting,
): Promise<readonly Finding[]> {
  const subject = `${owner}/${name}`;
  try {
    const client = await access.open(name, { ...context, beforeWrite: () => {} });
    const { data } = await client.octokit.rest.repos.get({ owner: client.owner, repo: client.repo });
    const problem = (code: FindingCode, message: string, hint: string): Finding => ({
      kind: "problem",
      code,
      subject,
      message,
      hint,
    });
    const findings = [
      ...(data.archived
        ? [
            problem(
              "repository-archived",
              "it is archived, so nothing can be shown there",
              "unarchive it, or name another one in the account mapping",
            ),
          ]
        : []),
      ...(data.has_issues
        ? []
        : [
            problem(
              "issues-disabled",
              "its issues are disabled, so failures open none",
              "enable issues in its settings",
            ),
          ]),
      ...movedFinding(subject, client.movedTo),
    ];
    return findings.length > 0 ? findings : [ok("repository-reached", subject, "it can be reached")];
  } catch (error) {
    return [await problemOf(error, subject)];
  }
}

function movedFinding(subject: string, movedTo: string | null): readonly Finding[] {
  if (movedTo === null) return [];
  const message = `it is ${movedTo} now; reports are sent on`;
  return [{ kind: "warning", code: "repository-moved", subject, message, hint: "name it so in the account mapping" }];
}

async function problemOf(error: unknown, subject: string): Promise<Finding> {
  const { code, message, hint } = await explainFailure(error, { client: null, place: null, limited: null });
  return { kind: "problem", code, subject, message, hint };
}

function ok(code: FindingCode, subject: string, message: string): Finding {
  return { kind: "ok", code, subject, message, hint: null };
}
