export type { RefreshToCancel } from "./cancel-refresh.ts";
export {
  createDeployGroup,
  type DeployGroup,
  type DeployGroupOptions,
  type TerminateOptions,
} from "./deploy-group.ts";
export { createInstanceRefresher, type InstanceRefresher } from "./instance-refresher.ts";
export { OrchestratorError, type OrchestratorErrorCode, toUnreadable } from "./orchestrator-error.ts";
export { deploymentTag } from "./read-group.ts";
export type { RefreshRequest, StartedRefresh } from "./start-refresh.ts";
export type { Terminated } from "./terminate.ts";
