export type { AccountTemplate, StackRole } from "./account-template.ts";
export type { Examined } from "./check-foreigners.ts";
export { checkIsolation, type ExaminedCounts, type IsolationReport } from "./check-isolation.ts";
export type { Finding, FindingCode } from "./finding.ts";
export { IsolationError, type IsolationErrorCode } from "./isolation-error.ts";
export type { Place } from "./statement.ts";
