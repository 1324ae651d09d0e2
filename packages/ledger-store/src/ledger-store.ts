import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { S3Client } from "@aws-sdk/client-s3";
import { createConditionalPut, type WriteTools } from "./conditional-put.ts";
import { type ControlRecords, createControlRecords } from "./controls.ts";
import { createHistoryRecords, type HistoryRecords } from "./history.ts";
import { createLeaseRecords, type LeaseRecords } from "./leases.ts";
import { createLedgerRecords, type LedgerRecords } from "./ledger.ts";
import { createLogRecords, type LogRecords } from "./logs.ts";
import { openObjectStore } from "./object-store.ts";
import { createRunRecords, type RunRecords } from "./runs.ts";

/** All that an area keeps in its state bucket. Throws `LedgerStoreError`. */
export interface LedgerStore
  extends LedgerRecords,
    RunRecords,
    LeaseRecords,
    ControlRecords,
    HistoryRecords,
    LogRecords {}

export interface LedgerStoreOptions extends Partial<WriteTools> {
  readonly client: S3Client;
  /** The area's state bucket. */
  readonly bucket: string;
}

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
  const {
    client,
    bucket,
    delay = (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }),
    random = Math.random,
    newMark = randomUUID,
  } = options;
  const objects = openObjectStore(client, bucket);
  const storage = { objects, putConditionally: createConditionalPut(objects, { delay, random, newMark }) };
  return {
    ...createLedgerRecords(storage),
    ...createRunRecords(storage),
    ...createLeaseRecords(storage),
    ...createControlRecords(storage),
    ...createHistoryRecords(storage),
    ...createLogRecords(storage),
  };
}
