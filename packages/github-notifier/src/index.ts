export {
  type AppCredentials,
  type CreateJwt,
  type CredentialsOptions,
  parseAppCredentials,
} from "./app-credentials.ts";
export { createGitHubNotifier, type GitHubNotifier, type GitHubNotifierOptions } from "./github-notifier.ts";
export { GitHubNotifierError, type GitHubNotifierErrorCode } from "./github-notifier-error.ts";
export type {
  Delivered,
  DeploymentShowing,
  GitHubDelivery,
  GitHubTask,
  IssueShowing,
  Showing,
  WritePermit,
} from "./github-task.ts";
export { type Finding, type FindingCode, type InspectOptions, inspectGitHub } from "./inspect-github.ts";
export type { Pace } from "./octokit-client.ts";
export type { Trouble, TroubleCode } from "./trouble.ts";
