import { PutObjectCommand } from "@aws-sdk/client-s3";
import { type DeploymentId, type Lease, leaseSchema } from "@windlass/deployment";
import { runKey } from "./keys.ts";
import { LedgerStoreError } from "./ledger-store-error.ts";
import { readEtag, toPutInput, withSignal } from "./object-store.ts";
import { belongsTo, readRecord, serializeRecord } from "./record.ts";
import { classifyFailure } from "./s3-failure.ts";
import type { Storage } from "./storage.ts";

export type Renewal =
  /** `etag` is what the next renewal wants to be unchanged. */
  | { readonly kind: "renewed"; readonly etag: string }
  /** There is another lease than the one with that ETag: one's own, if an earlier write arrived late, or another's. */
  | { readonly kind: "changed" };

export type LeaseReading =
  | { readonly kind: "absent" }
  | { readonly kind: "present"; readonly lease: Lease; readonly etag: string }
  | { readonly kind: "invalid"; readonly problem: string };

/** The lease of a run, `lease.json`. */
export interface LeaseRecords {
  /**
   * The claim's holder only. Stores the lease over the one with the ETag `previous`, or over none where that is null; so
   * a write that was given up and arrives late never replaces a newer one. Once this says `renewed`, the lease is stored;
   * after a retryable error it may be, or may come to be: `readLease` tells.
   */
  renewLease(lease: Lease, previous: string | null, signal?: AbortSignal): Promise<Renewal>;
  /** The lease that is there, with its ETag: one GetObject. */
  readLease(deployment: DeploymentId, signal?: AbortSignal): Promise<LeaseReading>;
}

export function createLeaseRecords(storage: Storage): LeaseRecords {
  return {
    renewLease: (lease, previous, signal) => renewLease(storage, { lease, previous }, signal),
    readLease: (deployment, signal) => readLease(storage, deployment, signal),
  };
}

/** Tried once: whoever renews a lease has a newer one to write by the next attempt. */
async function renewLease(
  { objects }: Storage,
  { lease, previous }: { readonly lease: Lease; readonly previous: string | null },
  signal?: AbortSignal,
): Promise<Renewal> {
  const key = runKey(lease.deployment, "lease.json");
  const where = objects.locate(key);
  const command = new PutObjectCommand({
    ...toPutInput(objects.bucket, { key, body: serializeRecord(lease) }),
    ...(previous === null ? { IfNoneMatch: "*" } : { IfMatch: previous }),
  });
  try {
    const { ETag } = await objects.client.send(command, withSignal(signal));
    return { kind: "renewed", etag: readEtag(ETag, where) };
  } catch (thrown) {
    if (thrown instanceof LedgerStoreError) throw thrown;
    const failure = classifyFailure(thrown, where);
    // 404 on If-Match: the object is gone (S3 user guide, conditional writes).
    if (failure.kind === "condition-failed" || failure.kind === "missing") return { kind: "changed" };
    throw failure.error;
  }
}

async function readLease({ objects }: Storage, deployment: DeploymentId, signal?: AbortSignal): Promise<LeaseReading> {
  const object = await objects.get(runKey(deployment, "lease.json"), signal);
  const reading = readRecord(object, leaseSchema, belongsTo(deployment));
  if (object === null || reading.kind === "absent") return { kind: "absent" };
  if (reading.kind === "invalid") return { kind: "invalid", problem: reading.problem };
  return { kind: "present", lease: reading.value, etag: object.etag };
}
