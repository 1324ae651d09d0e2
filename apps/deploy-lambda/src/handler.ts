import { createHandler } from "./create-handler.ts";

export { createHandler, type Handler, type HandlerOptions } from "./create-handler.ts";
export type { TickSummary } from "./summary.ts";

/** The Lambda function of an area. */
// biome-ignore lint/style/noProcessEnv: the one place where the environment comes in
export const handler = createHandler({ env: process.env });
