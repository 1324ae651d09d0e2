import { emptyLedger, type Ledger, type LedgerScope } from "@windlass/deployment";
import type { LedgerStore } from "@windlass/ledger-store";
import { LambdaError } from "./lambda-error.ts";

/** The ledger as it is stored now. */
export interface StoredLedger {
  readonly ledger: Ledger;
  readonly etag: string;
}

/** `lost`: another tick wrote the ledger in between, and acts on what it wrote. */
export type Commit = ({ readonly kind: "committed" } & StoredLedger) | { readonly kind: "lost" };

const MERGE_ATTEMPTS = 5;

export type Opened =
  | ({
      readonly kind: "opened" /** By S3's own clock; null where it has not told. */;
      readonly readAt: Date | null;
    } & StoredLedger)
  | { readonly kind: "lost" };

/** Reads the ledger; makes it where there has never been one. */
export async function openLedger(
  store: LedgerStore,
  scope: LedgerScope,
  { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
): Promise<Opened> {
  const read = await store.readLedger(scope, signal);
  if (read.kind === "ledger") {
    return { kind: "opened", ledger: read.ledger, etag: read.etag, readAt: read.answeredAt };
  }
  const ledger = emptyLedger(scope, now);
  const created = await store.createLedger(ledger, signal);
  return created.kind === "lost" ? created : { kind: "opened", ledger, etag: created.etag, readAt: null };
}

/** Writes the ledger over the one that was read. One that did not change is not written. */
export async function commitLedger(
  store: LedgerStore,
  ledger: Ledger,
  { stored, signal }: { readonly stored: StoredLedger; readonly signal: AbortSignal },
): Promise<Commit> {
  if (ledger === stored.ledger) return { kind: "committed", ledger, etag: stored.etag };
  const committed = await store.commitLedger(ledger, stored.etag, signal);
  return committed.kind === "lost" ? committed : { kind: "committed", ledger, etag: committed.etag };
}

export interface MergeInput {
  readonly scope: LedgerScope;
  /** As this tick last knew it. */
  readonly stored: StoredLedger;
  /** Adds to whatever ledger is stored by now; the same ledger where there is nothing to add. */
  readonly merge: (ledger: Ledger) => Ledger;
  readonly signal: AbortSignal;
}

/**
 * Adds what the tick brought about to the ledger, whoever wrote it in the meantime.
 * Throws `effects-unrecorded` where other ticks win again and again.
 */
export async function mergeIntoLedger(store: LedgerStore, input: MergeInput): Promise<StoredLedger> {
  const { scope, merge, signal } = input;
  let stored = input.stored;
  for (let attempt = 1; attempt <= MERGE_ATTEMPTS; attempt += 1) {
    const commit = await commitLedger(store, merge(stored.ledger), { stored, signal });
    if (commit.kind === "committed") return commit;
    const read = await store.readLedger(scope, signal);
    if (read.kind === "missing") break;
    stored = read;
  }
  throw new LambdaError({
    code: "effects-unrecorded",
    message: "what the tick brought about could not be added to the ledger",
    found: `${MERGE_ATTEMPTS} commits lost in a row`,
    hint: "let only one function write this state bucket's ledger",
    retryable: true,
  });
}
