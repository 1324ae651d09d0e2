import type { AccountMapping } from "@windlass/account-mapping";

/** Where this area's reports go. */
export interface Sinks {
  readonly github: boolean;
  readonly topics: boolean;
}

export interface ReportInput {
  readonly slice: AccountMapping;
  readonly sinks: Sinks;
  readonly now: Date;
}
