import { isFullCommit } from "@windlass/deployment";
import { CUT_SHORT, explainFailure, type Place } from "./explain-failure.ts";
import type { Delivered, GitHubDelivery, GitHubTask, WritePermit } from "./github-task.ts";
import { isPermitEnded, type PlaceWatch, requirePermit, watchPlace } from "./permitted.ts";
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
  const wanted = { report: task.report, repository: task.repository, commit: task.report.commit ?? "" };
  const made = await attempts.run("deployment", task.deployment, ({ client, watch }, showing) =>
    ensureDeployment(client, { ...wanted, showing }, watch),
  );
  const sha = task.sha ?? resultOf(made)?.sha ?? (isFullCommit(wanted.commit) ? wanted.commit : null);
  const issue = await attempts.run("issue", task.issue, ({ client, watch }, showing) =>
    showIssue(client, { report: task.report, repository: task.repository, showing }, watch),
  );
  const check =
    sha === null
      ? checkWithoutCommit(task, made)
      : await attempts.run("check", task.check, ({ client, watch }, showing) =>
          showCheck(
            client,
            {
              report: task.report,
              repository: task.repository,
              sha,
              showing,
              detailsUrl: detailsOf(task, resultOf(issue)),
            },
            watch,
          ),
        );
  return {
    sha,
    check: check === null ? null : toDelivered(check, (id) => id),
    issue: issue === null ? null : toIssue(issue),
    deployment: made === null ? null : await finishDeployment(attempts, task, made),
    movedTo: attempts.movedTo(),
  };
}

type Attempt<T> =
  | { readonly kind: "done"; readonly value: T }
  /** `id`: of what is there all the same. */
  | { readonly kind: "failed"; readonly id: number | null; readonly trouble: Trouble }
  | { readonly kind: "unreached" };

interface Here {
  readonly client: RepositoryClient;
  readonly watch: PlaceWatch;
}

interface Attempts {
  /** Null where nothing is asked for. After a trouble that concerns it, too, nothing is tried. */
  run<S, T>(place: Place, showing: S | null, show: (here: Here, showing: S) => Promise<T>): Promise<Attempt<T> | null>;
  movedTo(): string | null;
}

function createAttempts(repositories: RepositoryAccess, { repository }: GitHubTask, permit: WritePermit): Attempts {
  let client: RepositoryClient | null = null;
  /** What ends the delivery to this repository. */
  let stop: Attempt<never> | null = null;
  let limited: number | null = null;
  /** Of the place that is being shown. */
  let watch = watchPlace();
  const context = {
    signal: permit.signal,
    beforeWrite() {
      requirePermit(permit);
      watch.noteWrite();
    },
    onLimit(retryAfter: number) {
      limited = retryAfter;
    },
  };

  async function failWith(error: unknown, place: Place): Promise<Attempt<never>> {
    const id = watch.keptId();
    if (isPermitEnded(error)) {
      stop = { kind: "unreached" };
      return id !== null || watch.isTouched() ? { kind: "failed", id, trouble: CUT_SHORT } : stop;
    }
    const trouble = await explainFailure(error, { client, place, limited });
    // What only a person can mend need not be asked for again; of anything else nobody knows yet.
    if (trouble.scope !== "place")
      stop = trouble.permanent ? { kind: "failed", id: null, trouble } : { kind: "unreached" };
    return { kind: "failed", id, trouble };
  }

  return {
    async run(place, showing, show) {
      if (showing === null) return null;
      if (stop !== null) return stop;
      if (permit.signal.aborted) return { kind: "unreached" };
      limited = null;
      watch = watchPlace();
      try {
        client ??= await repositories.open(repository, context);
        return { kind: "done", value: await show({ client, watch }, showing) };
      } catch (error) {
        return failWith(error, place);
      }
    },
    movedTo: () => client?.movedTo ?? null,
  };
}

const UNFINISHED = troubleOf("unreachable", "its status is not shown yet", { scope: "place" });

async function finishDeployment(
  attempts: Attempts,
  { report, repository, deployment }: GitHubTask,
  made: Attempt<MadeDeployment>,
): Promise<Delivered> {
  if (made.kind !== "done") return toDelivered<MadeDeployment>(made, ({ id }) => id);
  const { id } = made.value;
  const wanted = { id, report, repository, commit: report.commit ?? "" };
  const status = await attempts.run("deployment", deployment, ({ client, watch }, showing) =>
    showStatus(client, { ...wanted, showing }, watch),
  );
  // It was made, and that must not be forgotten.
  if (status?.kind === "failed") return { kind: "failed", id: status.id ?? id, trouble: status.trouble };
  return status?.kind === "done" ? { kind: "shown", id: status.value } : { kind: "failed", id, trouble: UNFINISHED };
}

/** A check run needs the full commit: it waits for the GitHub deployment that tells it, and fails with that. */
function checkWithoutCommit({ check }: GitHubTask, made: Attempt<MadeDeployment> | null): Attempt<number> | null {
  if (check === null) return null;
  return made?.kind === "failed" ? { ...made, id: null } : { kind: "unreached" };
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
      return { kind: "failed", id: attempt.id, trouble: attempt.trouble };
    case "unreached":
      return { kind: "unreached" };
  }
}
