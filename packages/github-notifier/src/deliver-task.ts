import { isFullCommit } from "@windlass/deployment";
import { explainFailure, type Place } from "./explain-failure.ts";
import { GitHubNotifierError } from "./github-notifier-error.ts";
import type { Delivered, GitHubDelivery, GitHubTask, WritePermit } from "./github-task.ts";
import type { RepositoryAccess, RepositoryClient } from "./repository-access.ts";
import { showCheck } from "./show-check.ts";
import { ensureDeployment, type MadeDeployment, showStatus } from "./show-deployment.ts";
import { type ShownIssue, showIssue } from "./show-issue.ts";
import { type Trouble, troubleOf } from "./trouble.ts";

/**
 * Shows one deployment. The GitHub deployment comes first, since it tells the full commit; the issue before the check,
 * which links to it; the deployment's status last.
 */
export async function deliverTask(
  repositories: RepositoryAccess,
  task: GitHubTask,
  permit: WritePermit,
): Promise<GitHubDelivery> {
  const attempts = createAttempts(repositories, task, permit);
  const made = await attempts.run("deployment", task.deployment, makeDeployment(task, permit));
  const commit = task.report.commit ?? "";
  const sha = task.sha ?? resultOf(made)?.sha ?? (isFullCommit(commit) ? commit : null);
  const issue = await attempts.run("issue", task.issue, (client, showing) =>
    showIssue(client, { report: task.report, repository: task.repository, showing }, permit),
  );
  const check =
    sha === null
      ? checkWithoutCommit(task, made)
      : await attempts.run("check", task.check, (client, showing) =>
          showCheck(
            client,
            {
              report: task.report,
              repository: task.repository,
              sha,
              showing,
              detailsUrl: detailsOf(task, resultOf(issue)),
            },
            permit,
          ),
        );
  return {
    sha,
    check: check === null ? null : toDelivered(check, (id) => id),
    issue: issue === null ? null : toIssue(issue),
    deployment: made === null ? null : await finishDeployment(attempts, task, { made, permit }),
    movedTo: attempts.movedTo(),
  };
}

type Attempt<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "failed"; readonly trouble: Trouble }
  | { readonly kind: "unreached" };

interface Attempts {
  /** Null where nothing is asked for. After a trouble that concerns it, too, nothing is tried. */
  run<S, T>(
    place: Place,
    showing: S | null,
    show: (client: RepositoryClient, showing: S) => Promise<T>,
  ): Promise<Attempt<T> | null>;
  movedTo(): string | null;
}

function createAttempts(repositories: RepositoryAccess, { repository }: GitHubTask, permit: WritePermit): Attempts {
  let client: RepositoryClient | null = null;
  /** What ends the delivery to this repository. */
  let stop: Attempt<never> | null = null;
  let limited: number | null = null;
  const context = {
    signal: permit.signal,
    onLimit(retryAfter: number) {
      limited = retryAfter;
    },
  };

  async function failWith(error: unknown, place: Place): Promise<Attempt<never>> {
    if (error instanceof GitHubNotifierError && error.code === "permit-ended") {
      stop = { kind: "unreached" };
      return stop;
    }
    const trouble = await explainFailure(error, { client, place, limited });
    // What only a person can mend need not be asked for again; of anything else nobody knows yet.
    if (trouble.scope !== "place") stop = trouble.permanent ? { kind: "failed", trouble } : { kind: "unreached" };
    return { kind: "failed", trouble };
  }

  return {
    async run(place, showing, show) {
      if (showing === null) return null;
      if (stop !== null) return stop;
      if (permit.signal.aborted) return { kind: "unreached" };
      limited = null;
      try {
        client ??= await repositories.open(repository, context);
        return { kind: "done", value: await show(client, showing) };
      } catch (error) {
        return failWith(error, place);
      }
    },
    movedTo: () => client?.movedTo ?? null,
  };
}

function makeDeployment({ report, repository }: GitHubTask, permit: WritePermit) {
  return (client: RepositoryClient, showing: NonNullable<GitHubTask["deployment"]>): Promise<MadeDeployment> =>
    ensureDeployment(client, { report, repository, commit: report.commit ?? "", showing }, permit);
}

interface Made {
  readonly made: Attempt<MadeDeployment>;
  readonly permit: WritePermit;
}

async function finishDeployment(
  attempts: Attempts,
  { report, deployment }: GitHubTask,
  { made, permit }: Made,
): Promise<Delivered> {
  if (made.kind !== "done") return toDelivered<MadeDeployment>(made, ({ id }) => id);
  const { id } = made.value;
  const retire = deployment?.retire ?? null;
  const status = await attempts.run("deployment", { id, report, retire }, (client, wanted) =>
    showStatus(client, wanted, permit),
  );
  if (status?.kind === "failed") return { kind: "failed", id, trouble: status.trouble };
  if (status?.kind === "unreached") {
    // It was made, and that must not be forgotten.
    return { kind: "failed", id, trouble: troubleOf("unreachable", "its status is not shown yet", { scope: "place" }) };
  }
  return { kind: "shown", id };
}

/** A check run needs the full commit: it waits for the GitHub deployment that tells it, and fails with that. */
function checkWithoutCommit({ check }: GitHubTask, made: Attempt<MadeDeployment> | null): Attempt<number> | null {
  if (check === null) return null;
  return made?.kind === "failed" ? made : { kind: "unreached" };
}

function detailsOf({ report }: GitHubTask, issue: ShownIssue | null): string | null {
  return issue?.kind === "shown" && report.outcome !== "succeeded" ? issue.url : report.logUrl;
}

function resultOf<T>(attempt: Attempt<T> | null): T | null {
  return attempt?.kind === "done" ? attempt.value : null;
}

function toIssue(attempt: Attempt<ShownIssue>): GitHubDelivery["issue"] {
  if (attempt.kind === "done" && attempt.value.kind === "absent") return { kind: "absent" };
  return toDelivered(attempt, (shown) => (shown.kind === "shown" ? shown.number : 0));
}

function toDelivered<T>(attempt: Attempt<T>, idOf: (value: T) => number): Delivered {
  switch (attempt.kind) {
    case "done":
      return { kind: "shown", id: idOf(attempt.value) };
    case "failed":
      return { kind: "failed", id: null, trouble: attempt.trouble };
    case "unreached":
      return { kind: "unreached" };
  }
}
