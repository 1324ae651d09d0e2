export type { ControlRecords } from "./controls.ts";
export type { HistoryRecords } from "./history.ts";
export { parseDeployment } from "./history-record.ts";
export type { LogStep, RunFile } from "./keys.ts";
export { storePrefix } from "./keys.ts";
export type { LeaseReading, LeaseRecords, Renewal } from "./leases.ts";
export type { Commit, LedgerReading, LedgerRecords } from "./ledger.ts";
export { createLedgerStore, type LedgerStore, type LedgerStoreOptions } from "./ledger-store.ts";
export { LedgerStoreError, type LedgerStoreErrorCode } from "./ledger-store-error.ts";
export type { LogPlace, LogRecords, LogSegment, RunListing } from "./logs.ts";
export { type ParsedRecord, parseRecord } from "./record.ts";
export type { ClaimOutcome, RunFileToPut, RunRecords } from "./runs.ts";
export type { Written } from "./storage.ts";
export {
  createStoreState,
  type StoredFile,
  type StoreFileToWrite,
  type StoreState,
  type StoreWrite,
} from "./store-state.ts";
