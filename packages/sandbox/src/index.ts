export type { GroupOptions } from "./auto-scaling/group-options.ts";
export type { GroupView, MemberView } from "./auto-scaling/group-view.ts";
export type { LaunchFailures, RefreshView, ScalingGroups } from "./auto-scaling/scaling-groups.ts";
export type { CallEntry, CallFilter, CallLog } from "./core/call-log.ts";
export { credentialsFor, type Identity, type SandboxCredentials } from "./core/caller.ts";
export { type SandboxClock, systemClock, type VirtualClock, virtualClock } from "./core/clock.ts";
export type { Fault, FaultInjector, FaultSubject } from "./core/faults.ts";
export type { Listening, ListenOptions } from "./core/http-server.ts";
export { SandboxError, type SandboxErrorCode } from "./core/sandbox-error.ts";
export { AwsFault, type AwsFaultOptions } from "./core/service.ts";
export type { ComputeInstance, Ec2Compute } from "./ec2/ec2-compute.ts";
export type { InstanceState, TemplateData } from "./ec2/ec2-state.ts";
export type { InstanceListener } from "./ec2/instance-hooks.ts";
export type { EcrRegistry, RegistryImage } from "./ecr/ecr-registry.ts";
export type { ImagePush } from "./ecr/image-push.ts";
export type { NewRepository } from "./ecr/repositories.ts";
export type {
  GitHubCheckRunView,
  GitHubDeploymentView,
  GitHubIssueView,
  GitHubRepository,
} from "./github/github-repository.ts";
export type { GitHubApp, GitHubSide, NewApp, NewGitHubRepository, NewInstallation } from "./github/github-side.ts";
export type { GitHubChange, GitHubViolation } from "./github/github-state.ts";
export type { InstanceDescription } from "./metadata/instance-source.ts";
export type { BucketOptions, S3Account, StoredObject, VersionSummary } from "./s3/s3-account.ts";
export {
  type ClientConfig,
  type ClientIdentity,
  createSandbox,
  type Sandbox,
  type SandboxOptions,
} from "./sandbox.ts";
export type { SandboxAccount } from "./sandbox-account.ts";
export type { SecretsAccount } from "./secrets-manager/secrets-account.ts";
export type { SnsAccount } from "./sns/sns-account.ts";
export type { SnsMessage } from "./sns/sns-state.ts";
export type { RoleTrust, StsAccount } from "./sts/role-trust.ts";
