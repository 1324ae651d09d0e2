import {
  createInstallationToken,
  getApp,
  getOrganizationInstallation,
  getRepositoryInstallation,
  listInstallationRepositories,
} from "./app-operations.ts";
import { createCheckRun, listCheckRuns, updateCheckRun } from "./check-operations.ts";
import { createComment, listComments } from "./comment-operations.ts";
import {
  createDeployment,
  createDeploymentStatus,
  listDeploymentStatuses,
  listDeployments,
} from "./deployment-operations.ts";
import type { GitHubAnswer, GitHubCall, InstallationCall, RepositoryCall } from "./github-call.ts";
import { addLabels, createIssue, getIssue, listIssues, updateIssue } from "./issue-operations.ts";
import { getMeta, getRateLimit } from "./meta-operations.ts";
import type { Needed } from "./repository-access.ts";
import { getCommit, getRepository } from "./repository-operations.ts";

/** One operation: who may call it, and what it does. */
export type Operation =
  | { readonly by: "anyone"; readonly perform: (call: GitHubCall) => GitHubAnswer }
  | { readonly by: "app"; readonly perform: (call: GitHubCall) => Promise<GitHubAnswer> }
  | { readonly by: "token"; readonly perform: (call: InstallationCall) => GitHubAnswer }
  | { readonly by: "installation"; readonly needs: Needed; readonly perform: (call: RepositoryCall) => GitHubAnswer };

function byApp(perform: (call: GitHubCall) => Promise<GitHubAnswer>): Operation {
  return { by: "app", perform };
}

function read(permission: string, perform: (call: RepositoryCall) => GitHubAnswer): Operation {
  return { by: "installation", needs: { permission, level: "read" }, perform };
}

function write(permission: string, perform: (call: RepositoryCall) => GitHubAnswer): Operation {
  return { by: "installation", needs: { permission, level: "write" }, perform };
}

/**
 * By their names in GitHub's description. Permissions:
 * https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
 */
export const operations: Readonly<Record<string, Operation>> = {
  "apps/create-installation-access-token": byApp(createInstallationToken),
  "apps/get-authenticated": byApp(getApp),
  "apps/get-org-installation": byApp(getOrganizationInstallation),
  "apps/get-repo-installation": byApp(getRepositoryInstallation),
  "apps/list-repos-accessible-to-installation": { by: "token", perform: listInstallationRepositories },
  "checks/create": write("checks", createCheckRun),
  "checks/list-for-ref": read("checks", listCheckRuns),
  "checks/update": write("checks", updateCheckRun),
  "issues/add-labels": write("issues", addLabels),
  "issues/create": write("issues", createIssue),
  "issues/create-comment": write("issues", createComment),
  "issues/get": read("issues", getIssue),
  "issues/list-comments": read("issues", listComments),
  "issues/list-for-repo": read("issues", listIssues),
  "issues/update": write("issues", updateIssue),
  "meta/get": { by: "anyone", perform: getMeta },
  "rate-limit/get": { by: "anyone", perform: getRateLimit },
  "repos/create-deployment": write("deployments", createDeployment),
  "repos/create-deployment-status": write("deployments", createDeploymentStatus),
  "repos/get": read("metadata", getRepository),
  "repos/get-commit": read("contents", getCommit),
  "repos/list-deployment-statuses": read("deployments", listDeploymentStatuses),
  "repos/list-deployments": read("deployments", listDeployments),
};
