import { type AppAccess, createAppAccess } from "./app-access.ts";
import type { GitHubNotifierOptions } from "./github-notifier.ts";
import { createQueues, USUAL_PACE } from "./octokit-client.ts";
import { createRepositoryAccess, type RepositoryAccess } from "./repository-access.ts";

/** One GitHub, as the App sees it and as its installation does. */
export interface Access {
  readonly app: AppAccess;
  readonly repositories: RepositoryAccess;
}

/** Makes no request yet. */
export function openAccess(options: GitHubNotifierOptions): Access {
  const { owner, apiUrl, loadCredentials, fetch = globalThis.fetch, now = () => new Date() } = options;
  const pace = { ...USUAL_PACE, ...options.pace };
  const shared = { apiUrl: apiUrl.replace(/\/+$/, ""), fetch, pace, queues: createQueues(pace) };
  const app = createAppAccess({ ...shared, loadCredentials });
  return { app, repositories: createRepositoryAccess({ ...shared, owner, app, now }) };
}
