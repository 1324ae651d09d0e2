import type { DeploymentReport, NewTrouble, PlaceResult, ReportTask } from "@windlass/deployment";
import type { Delivered, GitHubDelivery, GitHubNotifier, Trouble } from "@windlass/github-notifier";

/** What one tick delivers to GitHub: within its allowance of writes, and no further once GitHub says so. */
export interface GitHubRound {
  deliver(task: ReportTask, report: DeploymentReport): Promise<GitHubResults>;
  /** Of the writes that it was allowed. */
  unusedWrites(): number;
  /** Why GitHub as a whole is to be left alone. */
  pause(): NewTrouble | null;
}

export interface GitHubResults {
  readonly sha: string | null;
  readonly results: GitHubPlaces;
}

export type GitHubPlaces = Readonly<Partial<Record<"check" | "deployment" | "issue", PlaceResult>>>;

export interface GitHubRoundOptions {
  readonly notifier: GitHubNotifier | null;
  readonly writes: number;
  readonly signal: AbortSignal;
  readonly timeIsUp: () => boolean;
}

const MANY_REPOSITORIES = 3;

export function createGitHubRound({ notifier, writes, signal, timeIsUp }: GitHubRoundOptions): GitHubRound {
  let left = writes;
  let pause: NewTrouble | null = null;
  /** By repository: what a person has to mend there first. */
  const parked = new Map<string, NewTrouble>();
  /** Repositories for which GitHub could do nothing right now. */
  const resting = new Set<string>();
  /** By image: its issue, as this round left it. */
  const issues = new Map<string, number | null>();

  function mayWrite(): boolean {
    if (left <= 0 || timeIsUp()) return false;
    left -= 1;
    return true;
  }

  /** One repository may be broken; several at once are GitHub. */
  function rest(repository: string, trouble: NewTrouble): void {
    resting.add(repository);
    if (resting.size >= MANY_REPOSITORIES) pause ??= trouble;
  }

  /** What concerns more than one place keeps others from being asked for in vain. */
  function heed(task: ReportTask, delivery: GitHubDelivery): void {
    for (const { scope, ...trouble } of troublesOf(delivery)) {
      if (scope === "github") pause ??= toTrouble(trouble);
      else if (scope === "repository" && trouble.permanent) parked.set(task.repository, toTrouble(trouble));
      else if (scope === "repository") rest(task.repository, toTrouble(trouble));
    }
    const { issue } = delivery;
    if (issue === null || task.places.issue === null) return;
    if (issue.kind === "absent") issues.set(task.image, null);
    else if (issue.kind === "shown") issues.set(task.image, task.places.issue.want === "open" ? issue.id : null);
  }

  return {
    async deliver(task, report) {
      const { check, deployment, issue } = task.places;
      const known = parked.get(task.repository);
      if (known !== undefined)
        return { sha: null, results: onGitHub(task, { kind: "failed", id: null, trouble: known }) };
      if (notifier === null || pause !== null || resting.has(task.repository) || left <= 0 || timeIsUp()) {
        return { sha: null, results: onGitHub(task, { kind: "unreached" }) };
      }
      const number = issues.has(task.image) ? (issues.get(task.image) ?? null) : (issue?.id ?? null);
      const delivery = await notifier.deliver(
        {
          report,
          repository: task.repository,
          sha: task.sha,
          check,
          deployment,
          issue: issue === null ? null : { want: issue.want, number, mayExist: issue.mayExist },
        },
        { signal, mayWrite },
      );
      heed(task, delivery);
      return { sha: delivery.sha, results: byPlace(task, (name) => resultOf(delivery[name])) };
    },
    unusedWrites: () => left,
    pause: () => pause,
  };
}

function troublesOf({ check, deployment, issue }: GitHubDelivery): readonly Trouble[] {
  return [deployment, issue, check].flatMap((place) => (place?.kind === "failed" ? [place.trouble] : []));
}

const PLACES = ["check", "deployment", "issue"] as const;

/** A result for every place on GitHub that the task asks for. */
function byPlace({ places }: ReportTask, result: (name: (typeof PLACES)[number]) => PlaceResult): GitHubPlaces {
  return Object.fromEntries(PLACES.filter((name) => places[name] !== null).map((name) => [name, result(name)]));
}

function resultOf(place: Delivered | { readonly kind: "absent" } | null): PlaceResult {
  if (place === null) return { kind: "unreached" };
  switch (place.kind) {
    case "shown":
      return { kind: "shown", id: place.id };
    case "absent":
      return { kind: "shown", id: null };
    case "unreached":
      return { kind: "unreached" };
    case "failed":
      return { kind: "failed", id: place.id, trouble: toTrouble(place.trouble) };
  }
}

/** The same result for every place on GitHub that the task asks for. */
export function onGitHub(task: ReportTask, result: PlaceResult): GitHubPlaces {
  return byPlace(task, () => result);
}

function toTrouble({ code, message, hint, permanent, retryAfter }: Omit<Trouble, "scope">): NewTrouble {
  return { code, message: hint === null ? message : `${message}. Hint: ${hint}`, permanent, retryAfter };
}
