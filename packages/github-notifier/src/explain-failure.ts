import { TroubleFound } from "./app-access.ts";
import { explainText } from "./explain-text.ts";
import { GitHubNotifierError } from "./github-notifier-error.ts";
import type { RepositoryClient } from "./repository-access.ts";
import { hasStatus, type RequestFailure, readFailure, readRetryAfter } from "./request-failure.ts";
import { type Trouble, troubleOf } from "./trouble.ts";

/** The permit ended before GitHub had answered. */
export const CUT_SHORT = troubleOf("unreachable", "the time was over before GitHub had answered", { scope: "place" });

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
  if (error instanceof GitHubNotifierError) return explainRefusal(error);
  const failure = readFailure(error);
  if (failure === null) return troubleOf("refused", explainText(error), { permanent: false });
  const retryAfter = readRetryAfter(failure) ?? context.limited;
  if (retryAfter !== null) return limitOf(error, retryAfter);
  return context.client === null
    ? explainAccess(error, failure)
    : explainCall(error, failure, { ...context, client: context.client });
}

function explainRefusal(error: GitHubNotifierError): Trouble {
  const { code } = error;
  return code === "permit-ended" ? CUT_SHORT : troubleOf(code, explainText(error));
}

function limitOf(error: unknown, retryAfter: number): Trouble {
  return troubleOf("rate-limited", explainText(error), { retryAfter });
}

function explainAccess(error: unknown, { status }: RequestFailure): Trouble {
  const message = explainText(error);
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
  { status, headers, errors }: RequestFailure,
  { client, place }: CallContext,
): Promise<Trouble> {
  const message = explainText(error);
  if (status === null) return troubleOf("unreachable", message);
  if (status >= 500) return troubleOf("server-error", message);
  switch (status) {
    case 401:
      return troubleOf("credentials-refused", message);
    case 403:
      return (await lookForCause(client, error)) ?? explainForbidden(message, headers);
    case 404:
      return (await lookWhetherGone(client, error)) ?? troubleOf("refused", message);
    case 410:
      return troubleOf("issues-disabled", `issues are disabled in ${client.owner}/${client.repo}`);
    case 422:
      return place !== "issue" && mayMeanCommit(errors)
        ? troubleOf("commit-unknown", message)
        : troubleOf("refused", message);
    default:
      return troubleOf("refused", message);
  }
}

const COMMIT_FIELDS: readonly unknown[] = ["head_sha", "ref", "sha"];

/** GitHub lists what it does not take, but for a commit that it does not know: of that it says so in the message alone. */
function mayMeanCommit(errors: RequestFailure["errors"]): boolean {
  const namesCommit = (error: unknown) =>
    typeof error === "object" && error !== null && "field" in error && COMMIT_FIELDS.includes(error.field);
  return errors.length === 0 || errors.some(namesCommit);
}

function explainForbidden(message: string, headers: RequestFailure["headers"]): Trouble {
  const needed = headers["x-accepted-github-permissions"];
  if (needed === undefined) return troubleOf("refused", message);
  return troubleOf("permission-missing", `the App lacks a permission: GitHub asks for ${String(needed)}`);
}

/** An archive may be read but not written; a suspended installation may not even read what every token may. */
async function lookForCause(
  { octokit, owner, repo, confirm }: RepositoryClient,
  error: unknown,
): Promise<Trouble | null> {
  try {
    const { data } = await octokit.rest.repos.get({ owner, repo });
    return data.archived ? troubleOf("repository-archived", `the repository ${owner}/${repo} is archived`) : null;
  } catch (failure) {
    return hasStatus(failure, 403) ? troubleFoundBy(confirm, error) : unexplained(error);
  }
}

async function troubleFoundBy(look: () => Promise<void>, error: unknown): Promise<Trouble | null> {
  try {
    await look();
    return null;
  } catch (failure) {
    return failure instanceof TroubleFound ? failure.trouble : unexplained(error);
  }
}

async function lookWhetherGone({ octokit, owner, repo }: RepositoryClient, error: unknown): Promise<Trouble | null> {
  try {
    await octokit.rest.repos.get({ owner, repo });
    return null;
  } catch (failure) {
    return hasStatus(failure, 404)
      ? troubleOf("repository-unknown", `there is no repository ${owner}/${repo} for the App`)
      : unexplained(error);
  }
}

/** Its cause could not be looked for, so nothing says that only a person can mend it. */
function unexplained(error: unknown): Trouble {
  return troubleOf("refused", explainText(error), { permanent: false });
}
