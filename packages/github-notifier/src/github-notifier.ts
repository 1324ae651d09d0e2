import type { AppCredentials } from "./app-credentials.ts";
import { deliverTask } from "./deliver-task.ts";
import type { GitHubDelivery, GitHubTask, WritePermit } from "./github-task.ts";
import type { Pace } from "./octokit-client.ts";
import { openAccess } from "./open-access.ts";

export interface GitHubNotifierOptions {
  /** The organisation that the repositories are of. */
  readonly owner: string;
  /** `https://api.github.com`, or `https://HOST/api/v3` of a GitHub Enterprise Server. */
  readonly apiUrl: string;
  /** Called at the first request, and once more where GitHub refuses the key: it may have been rotated. */
  readonly loadCredentials: (signal: AbortSignal) => Promise<AppCredentials>;
  /** Node's own by default. */
  readonly fetch?: typeof fetch | undefined;
  /** The machine's clock by default. */
  readonly now?: (() => Date) | undefined;
  /** By default what GitHub asks for. */
  readonly pace?: Partial<Pace> | undefined;
}

export interface GitHubNotifier {
  /** Brings GitHub to what the report says, as far as it is not there. Never rejects: what goes wrong is in the answer. */
  deliver(task: GitHubTask, permit: WritePermit): Promise<GitHubDelivery>;
}

/**
 * Shows deployments on GitHub as a GitHub App: check runs, deployments and issues. Makes no request yet. One notifier is
 * for one process: it keeps the installation and its tokens, each narrowed to one repository.
 *
 * @example
 * ```ts
 * const notifier = createGitHubNotifier({
 *   owner: "AusDTO",
 *   apiUrl: "https://api.github.com",
 *   loadCredentials: async () => parseAppCredentials(await readSecret(), { where: "secret windlass/github-app" }),
 * });
 * ```
 */
export function createGitHubNotifier(options: GitHubNotifierOptions): GitHubNotifier {
  const { repositories } = openAccess(options);
  return { deliver: (task, permit) => deliverTask(repositories, task, permit) };
}
