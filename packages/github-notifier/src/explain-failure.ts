import { redactText } from "@windlass/redaction";
import { describeError } from "@windlass/windlass-error";
import { TroubleFound } from "./app-access.ts";
import { GitHubNotifierError } from "./github-notifier-error.ts";
import type { RepositoryClient } from "./repository-access.ts";
import { hasStatus, type RequestFailure, readFailure, readRetryAfter } from "./request-failure.ts";
import { type Trouble, troubleOf } from "./trouble.ts";

const LONGEST_MESSAGE = 500;

export type Place = "check" | "deployment" | "issue";

export interface FailureContext {
  /** Null where the repository could not be opened. */
  readonly client: RepositoryClient | null;
  readonly place: Place | null;
  /** Seconds, where the throttling plugin has recognised a limit in this request. */
  readonly limited: number | null;
}

/** What a failure means. Where GitHub's status leaves it open, this looks; it never goes by the text of a message. */
export async function explainFailure(error: unknown, context: FailureContext): Promise<Trouble> {
  if (error instanceof TroubleFound) return context.limited === null ? error.trouble : limitOf(error, context.limited);
  if (error instanceof GitHubNotifierError) return troubleOf("credentials-malformed", messageOf(error));
  const failure = readFailure(error);
  if (failure === null) return troubleOf("refused", messageOf(error), { permanent: false });
  const retryAfter = readRetryAfter(failure) ?? context.limited;
  if (retryAfter !== null) return limitOf(error, retryAfter);
  return context.client === null
    ? explainAccess(error, failure)
    : explainCall(error, failure, { ...context, client: context.client });
}

function limitOf(error: unknown, retryAfter: number): Trouble {
  return troubleOf("rate-limited", messageOf(error), { retryAfter });
}

function explainAccess(error: unknown, { status }: RequestFailure): Trouble {
  const message = messageOf(error);
  if (status === null) return troubleOf("unreachable", message);
  if (status >= 500) return troubleOf("server-error", message, { scope: "github" });
  return status === 401
    ? troubleOf("credentials-refused", message)
    : troubleOf("refused", message, { scope: "repository" });
}

interface CallContext extends FailureContext {
  readonly client: RepositoryClient;
}

async function explainCall(
  error: unknown,
  { status, headers }: RequestFailure,
  { client, place }: CallContext,
): Promise<Trouble> {
  const message = messageOf(error);
  if (status === null) return troubleOf("unreachable", message);
  if (status >= 500) return troubleOf("server-error", message);
  switch (status) {
    case 401:
      return troubleOf("credentials-refused", message);
    case 403:
      return (await lookForCause(client)) ?? explainForbidden(message, headers);
    case 404:
      return (await isThere(client))
        ? troubleOf("refused", message)
        : troubleOf("repository-unknown", `there is no repository ${client.owner}/${client.repo} for the App`);
    case 410:
      return troubleOf("issues-disabled", `issues are disabled in ${client.owner}/${client.repo}`);
    case 422:
      return place === "issue" ? troubleOf("refused", message) : troubleOf("commit-unknown", message);
    default:
      return troubleOf("refused", message);
  }
}

function explainForbidden(message: string, headers: RequestFailure["headers"]): Trouble {
  const needed = headers["x-accepted-github-permissions"];
  if (needed === undefined) return troubleOf("refused", message);
  return troubleOf("permission-missing", `the App lacks a permission: GitHub asks for ${String(needed)}`);
}

/** An archive may be read but not written; a suspended installation may not even read what every token may. */
async function lookForCause({ octokit, owner, repo, confirm }: RepositoryClient): Promise<Trouble | null> {
  try {
    const { data } = await octokit.rest.repos.get({ owner, repo });
    return data.archived ? troubleOf("repository-archived", `the repository ${owner}/${repo} is archived`) : null;
  } catch (error) {
    return hasStatus(error, 403) ? troubleFoundBy(confirm) : null;
  }
}

async function troubleFoundBy(look: () => Promise<void>): Promise<Trouble | null> {
  try {
    await look();
    return null;
  } catch (error) {
    return error instanceof TroubleFound ? error.trouble : null;
  }
}

async function isThere({ octokit, owner, repo }: RepositoryClient): Promise<boolean> {
  try {
    await octokit.rest.repos.get({ owner, repo });
    return true;
  } catch (error) {
    return !hasStatus(error, 404);
  }
}

function messageOf(error: unknown): string {
  return redactText(describeError(error)).slice(0, LONGEST_MESSAGE);
}
