import { type ControlRecords, createControlRecords } from "./controls.ts";
import { createHistoryRecords, type HistoryRecords } from "./history.ts";
import { createLeaseRecords, type LeaseRecords } from "./leases.ts";
import { createLedgerRecords, type LedgerRecords } from "./ledger.ts";
import { createLogRecords, type LogRecords } from "./logs.ts";
import { openStorage, type StorageOptions } from "./open-storage.ts";
import { createRunRecords, type RunRecords } from "./runs.ts";

/** All that an area keeps in its state bucket. Throws `LedgerStoreError`. */
export interface LedgerStore
  extends LedgerRecords,
    RunRecords,
    LeaseRecords,
    ControlRecords,
    HistoryRecords,
    LogRecords {}

export type LedgerStoreOptions = StorageOptions;

/**
 * Opens the state bucket of an area; makes no call.
 *
 * @example
 * ```ts
 * const store = createLedgerStore({ client: new S3Client({}), bucket: "windlass-state-222222222222" });
 * const reading = await store.readLedger({ workload: "dataGov", area: "scratch", account: "222222222222" });
 * ```
 */
export function createLedgerStore(options: LedgerStoreOptions): LedgerStore {
  const storage = openStorage(options);
  return {
    ...createLedgerRecords(storage),
    ...createRunRecords(storage),
    ...createLeaseRecords(storage),
    ...createControlRecords(storage),
    ...createHistoryRecords(storage),
    ...createLogRecords(storage),
  };
}
