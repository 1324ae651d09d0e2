import { type Effect, emptyLedger, type Ledger, type LedgerScope, recordEffects } from "@windlass/deployment";
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

/** Reads the ledger; makes it where there has never been one. */
export async function openLedger(
  store: LedgerStore,
  scope: LedgerScope,
  { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
): Promise<Commit> {
  const read = await store.readLedger(scope, signal);
  if (read.kind === "ledger") return { kind: "committed", ledger: read.ledger, etag: read.etag };
  const ledger = emptyLedger(scope, now);
  const created = await store.createLedger(ledger, signal);
  return created.kind === "lost" ? created : { kind: "committed", ledger, etag: created.etag };
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

export interface RecordInput {
  readonly scope: LedgerScope;
  readonly stored: StoredLedger;
  readonly effects: readonly Effect[];
  readonly now: Date;
  readonly signal: AbortSignal;
}

/**
 * Adds what the actions brought back to the ledger, whoever wrote it in the meantime.
 * Throws `effects-unrecorded` where other ticks win again and again.
 */
export async function recordPerformed(store: LedgerStore, input: RecordInput): Promise<void> {
  const { scope, effects, now, signal } = input;
  let stored = input.stored;
  for (let attempt = 1; attempt <= MERGE_ATTEMPTS; attempt += 1) {
    const merged = recordEffects(stored.ledger, effects, now);
    const commit = await commitLedger(store, merged, { stored, signal });
    if (commit.kind === "committed") return;
    const read = await store.readLedger(scope, signal);
    if (read.kind === "missing") break;
    stored = read;
  }
  throw new LambdaError({
    code: "effects-unrecorded",
    message: "what the actions brought back could not be added to the ledger",
    found: `${MERGE_ATTEMPTS} commits lost in a row`,
    hint: "let only one function write this state bucket's ledger",
    retryable: true,
  });
}
