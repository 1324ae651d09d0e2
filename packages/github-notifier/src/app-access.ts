import { createAppAuth } from "@octokit/auth-app";
import type { Octokit, RestEndpointMethodTypes } from "@octokit/rest";
import { redactText } from "@windlass/redaction";
import { describeError } from "@windlass/windlass-error";
import type { AppCredentials } from "./app-credentials.ts";
import { followRedirects } from "./follow-redirects.ts";
import { GitHubNotifierError } from "./github-notifier-error.ts";
import { type ClientOptions, createClient, SILENT } from "./octokit-client.ts";
import { hasStatus } from "./request-failure.ts";
import { type Trouble, troubleOf } from "./trouble.ts";
import { untilAborted } from "./until-aborted.ts";
import { requireId } from "./usable-answers.ts";

export type Installation = RestEndpointMethodTypes["apps"]["getRepoInstallation"]["response"]["data"];

/** What the App's tokens are narrowed to: https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps */
export const NEEDED_PERMISSIONS = { checks: "write", deployments: "write", issues: "write", metadata: "read" } as const;

/** Whether what was granted, by permission, is enough for that one: who may write may read, too. */
export function isGranted(
  granted: Readonly<Record<string, unknown>>,
  [name, level]: readonly [name: string, level: string],
): boolean {
  return granted[name] === "write" || granted[name] === level;
}

export interface FoundInstallation {
  readonly installation: Installation;
  /** The repository's id, where GitHub sent the request on to it: it was renamed or moved. */
  readonly movedId: number | null;
}

/** GitHub, seen as the App itself. */
export interface AppAccess {
  /** Asks as the App; where GitHub refuses its key, reads the credentials once more and asks again. */
  ask<T>(call: (octokit: Octokit) => Promise<T>, context: AskContext): Promise<T>;
  /** Throws `TroubleFound` `not-installed`, `credentials-refused` or `installation-suspended`, or what Octokit throws. */
  findInstallation(repository: RepositoryName, context: AskContext): Promise<FoundInstallation>;
}

export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

export interface AskContext {
  readonly signal: AbortSignal;
  readonly onLimit: (retryAfter: number) => void;
}

export interface AppAccessOptions extends Pick<ClientOptions, "apiUrl" | "fetch" | "pace" | "queues"> {
  readonly loadCredentials: (signal: AbortSignal) => Promise<AppCredentials>;
}

/** A trouble that was found out by looking. */
export class TroubleFound extends Error {
  override readonly name = "TroubleFound";
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.message);
    this.trouble = trouble;
  }
}

export function createAppAccess(options: AppAccessOptions): AppAccess {
  let credentials: Promise<AppCredentials> | undefined;

  function load(signal: AbortSignal): Promise<AppCredentials> {
    credentials ??= options.loadCredentials(signal).catch((error: unknown) => {
      credentials = undefined;
      if (error instanceof GitHubNotifierError) throw error;
      throw new TroubleFound(troubleOf("credentials-unreadable", redactText(describeError(error))));
    });
    return credentials;
  }

  function loadInTime(signal: AbortSignal): Promise<AppCredentials> {
    return untilAborted(() => load(signal), signal);
  }

  function clientOf(
    { appId, createJwt }: AppCredentials,
    context: AskContext,
    onMoved: (location: URL) => void,
  ): Octokit {
    return createClient({
      ...options,
      ...context,
      fetch: followRedirects({ fetch: options.fetch, onMoved }),
      authStrategy: createAppAuth,
      auth: { appId, createJwt, log: SILENT },
    });
  }

  async function askWith<T>(
    call: (octokit: Octokit) => Promise<T>,
    context: AskContext,
    onMoved: (location: URL) => void,
  ): Promise<T> {
    const known = credentials;
    try {
      return await call(clientOf(await loadInTime(context.signal), context, onMoved));
    } catch (error) {
      // What was read for this very call can not have been rotated since.
      if (!hasStatus(error, 401) || known === undefined) throw error;
      // Another call may have read them again meanwhile.
      if (credentials === known) credentials = undefined;
      return call(clientOf(await loadInTime(context.signal), context, onMoved));
    }
  }

  const access: AppAccess = {
    ask: (call, context) => askWith(call, context, () => {}),
    async findInstallation(repository, context) {
      let movedId: number | null = null;
      const onMoved = ({ pathname }: URL) => {
        movedId = Number(/\/repositories\/(\d+)/.exec(pathname)?.[1] ?? 0) || movedId;
      };
      try {
        const { data } = await askWith(
          (octokit) => octokit.rest.apps.getRepoInstallation({ ...repository }),
          context,
          onMoved,
        );
        requireId(data.id);
        if (data.suspended_at !== null) throw suspended(repository);
        return { installation: data, movedId };
      } catch (error) {
        if (hasStatus(error, 404)) throw await explainMissing(access, repository, context);
        throw error;
      }
    },
  };
  return access;
}

/** GitHub says 404 of an App that it does not know, too. */
async function explainMissing(
  access: AppAccess,
  { owner, repo }: RepositoryName,
  context: AskContext,
): Promise<TroubleFound> {
  try {
    await access.ask((octokit) => octokit.rest.apps.getAuthenticated(), context);
  } catch (error) {
    if (hasStatus(error, 404))
      return new TroubleFound(troubleOf("credentials-refused", "GitHub knows no App of this id"));
    throw error;
  }
  return new TroubleFound(
    troubleOf("not-installed", `the App is not installed on ${owner}/${repo}, or there is no such repository`),
  );
}

function suspended({ owner }: RepositoryName): TroubleFound {
  return new TroubleFound(troubleOf("installation-suspended", `the App's installation at ${owner} is suspended`));
}
