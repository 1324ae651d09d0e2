import { type Ledger, type LedgerScope, parseLedger, serializeLedger } from "@windlass/deployment";
import type { PutCondition } from "./conditional-put.ts";
import { HISTORY_PREFIX, LEDGER_KEY, RUNS_PREFIX } from "./keys.ts";
import { LedgerStoreError } from "./ledger-store-error.ts";
import type { Storage } from "./storage.ts";

export type LedgerReading =
  | {
      readonly kind: "ledger";
      readonly ledger: Ledger;
      /** What `commitLedger` wants to be unchanged. */
      readonly etag: string;
      /** When S3 answered, by its own clock, which all readers have in common; null where it does not tell. */
      readonly answeredAt: Date | null;
    }
  | { readonly kind: "missing" };

export type Commit =
  | { readonly kind: "committed"; readonly etag: string }
  /** Another tick committed first: it acts, and this one stops. */
  | { readonly kind: "lost" };

/** The area's record, `ledger.json`. */
export interface LedgerRecords {
  /**
   * Exactly one GetObject where there is a ledger. Throws `ledger-lost` where there is none beside a history or runs, and
   * the `DeploymentError` of `parseLedger` for one that is not valid: neither is ever replaced by an empty ledger.
   */
  readLedger(scope: LedgerScope, signal?: AbortSignal): Promise<LedgerReading>;
  /** Writes the first ledger, unless there is one. */
  createLedger(ledger: Ledger, signal?: AbortSignal): Promise<Commit>;
  /** Writes the ledger, unless it changed since it was read with this ETag. */
  commitLedger(ledger: Ledger, etag: string, signal?: AbortSignal): Promise<Commit>;
}

export function createLedgerRecords(storage: Storage): LedgerRecords {
  const commit = (ledger: Ledger, condition: PutCondition, signal?: AbortSignal) =>
    commitIf(storage, { ledger, condition }, signal);
  return {
    readLedger: (scope, signal) => readLedger(storage, scope, signal),
    createLedger: (ledger, signal) => commit(ledger, { kind: "absent" }, signal),
    commitLedger: (ledger, etag, signal) => commit(ledger, { kind: "unchanged", etag }, signal),
  };
}

async function readLedger(storage: Storage, scope: LedgerScope, signal?: AbortSignal): Promise<LedgerReading> {
  const first = await getLedger(storage, scope, signal);
  if (first !== null) return first;
  const trace = await findTrace(storage, signal);
  if (trace === null) return { kind: "missing" };
  // The area's first tick may have written the ledger and launched since it was looked for.
  const second = await getLedger(storage, scope, signal);
  if (second !== null) return second;
  throw ledgerLost(storage, trace);
}

async function getLedger(
  { objects }: Storage,
  scope: LedgerScope,
  signal?: AbortSignal,
): Promise<LedgerReading | null> {
  const object = await objects.get(LEDGER_KEY, signal);
  if (object === null) return null;
  const { text, etag, answeredAt } = object;
  return { kind: "ledger", ledger: parseLedger(text, scope), etag, answeredAt };
}

/** What only a ledger leads to. Controls are not among it: people may ask for something before the first tick. */
const TRACES = [HISTORY_PREFIX, RUNS_PREFIX];

async function findTrace({ objects }: Storage, signal?: AbortSignal): Promise<string | null> {
  for (const prefix of TRACES) if (await objects.hasAny(prefix, signal)) return prefix;
  return null;
}

function ledgerLost({ objects }: Storage, trace: string): LedgerStoreError {
  return new LedgerStoreError({
    code: "ledger-lost",
    message: "there is no ledger, but there are deployments of one",
    where: objects.locate(LEDGER_KEY),
    found: `objects under ${trace}`,
    hint: `the bucket is versioned: list the versions of ${LEDGER_KEY} and delete the newest delete marker, or copy the last good version back; Windlass starts no new ledger beside deployments of an old one`,
  });
}

async function commitIf(
  storage: Storage,
  change: { readonly ledger: Ledger; readonly condition: PutCondition },
  signal?: AbortSignal,
): Promise<Commit> {
  const body = serializeLedger(change.ledger);
  const outcome = await storage.putConditionally({ key: LEDGER_KEY, body, condition: change.condition }, signal);
  return outcome.kind === "written" ? { kind: "committed", etag: outcome.etag } : { kind: "lost" };
}
