export { BootError, type BootErrorCode } from "./boot-error.ts";
export type { BootFile, BootOptions } from "./boot-options.ts";
export { renderUserData } from "./render-user-data.ts";
