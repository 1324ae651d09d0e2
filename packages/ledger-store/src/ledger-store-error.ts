import { WindlassError } from "@windlass/windlass-error";

export type LedgerStoreErrorCode =
  /** There is no ledger, but a history or runs: one has been here, and is not begun anew. */
  | "ledger-lost"
  /** A record that can not be passed over is not what its schema says. */
  | "record-invalid"
  /** A key is taken by other content. */
  | "already-exists"
  /** The caller gave a key or a number that can not be. */
  | "argument-invalid"
  /** There are more objects than are read at once; reading some of them would mislead. */
  | "too-many"
  | "no-such-bucket"
  | "access-denied"
  /** The caller's own credentials are missing, expired or wrong. */
  | "credentials-rejected"
  /** S3 reports conflicting writes (409) again and again. Retryable. */
  | "conflict"
  /** A conditional write got no answer and was not found when read back: it may still arrive. Retryable. */
  | "write-unclear"
  /** S3 could not be reached, or answered 5xx or "slow down". Retryable. */
  | "unavailable"
  /** The caller's signal ended the call. */
  | "aborted"
  /** S3 refused for another reason. */
  | "refused";

/** What went wrong between Windlass and its state bucket. `where` is always `s3://bucket/key`. */
export class LedgerStoreError extends WindlassError<LedgerStoreErrorCode> {
  override readonly name = "LedgerStoreError";
}
