export { BootError, type BootErrorCode } from "./boot-error.ts";
export type { BootFile, BootOptions } from "./boot-options.ts";
export { RUNNER_ENVIRONMENT, RUNNER_NODE_OPTIONS } from "./render-unit.ts";
export { renderUserData } from "./render-user-data.ts";
