import type { Caller } from "./service.ts";

/** One call that reached the sandbox. */
export interface CallEntry {
  /** When it arrived, in milliseconds of the sandbox's clock. */
  readonly at: number;
  readonly requestId: string;
  readonly service: string;
  readonly action: string;
  readonly account: string;
  readonly role: string | null;
  readonly session: string | null;
  readonly region: string;
  /** JSON or form members; for S3 `Bucket`, `Key` and the query. */
  readonly input: Readonly<Record<string, unknown>>;
  /** `pending`, `ok`, an error code, or `lost` where the caller got no answer. */
  readonly outcome: string;
}

export interface CallFilter {
  readonly account?: string;
  readonly role?: string | null;
}

/** What was called, in order of arrival. */
export interface CallLog {
  /** At least the last 10,000 calls; `count` knows all of them. */
  readonly entries: readonly CallEntry[];
  /** How often each action was called, as `ecr:BatchGetImage`; refused and lost calls count too. */
  count(filter?: CallFilter): Record<string, number>;
  /** Every action that was ever called, as `ecr:BatchGetImage`: `clear` forgets none. */
  names(filter?: CallFilter): readonly string[];
  clear(): void;
}

/** What the dispatcher writes. */
export interface CallRecorder extends CallLog {
  /** Returns how the call's outcome is told later. */
  record(call: CallDetails): (outcome: string) => void;
}

export interface CallDetails {
  readonly at: number;
  readonly requestId: string;
  readonly service: string;
  readonly action: string;
  readonly caller: Caller;
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const keptEntries = 10_000;

export function createCallLog(): CallRecorder {
  const entries: Entry[] = [];
  const totals = new Map<string, Total>();
  const ever = new Map<string, Total>();
  return {
    entries,
    count: (filter = {}) => countTotals(totals.values(), filter),
    names: (filter = {}) => Object.keys(countTotals(ever.values(), filter)),
    clear() {
      entries.length = 0;
      totals.clear();
    },
    record({ caller, ...call }) {
      const { account, role, session } = caller;
      const entry: Entry = { ...call, account, role, session, outcome: "pending" };
      entries.push(entry);
      if (entries.length > keptEntries * 2) entries.splice(0, keptEntries);
      for (const into of [totals, ever]) addToTotals(into, entry);
      return (outcome) => {
        entry.outcome = outcome;
      };
    },
  };
}

type Entry = Omit<CallEntry, "outcome"> & { outcome: string };

interface Total {
  readonly name: string;
  readonly account: string;
  readonly role: string | null;
  calls: number;
}

function addToTotals(totals: Map<string, Total>, entry: Entry): void {
  const name = `${entry.service}:${entry.action}`;
  const key = `${name} ${entry.account} ${entry.role}`;
  const total = totals.get(key) ?? { name, account: entry.account, role: entry.role, calls: 0 };
  total.calls += 1;
  totals.set(key, total);
}

function countTotals(totals: Iterable<Total>, { account, role }: CallFilter): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const total of totals) {
    if (account !== undefined && total.account !== account) continue;
    if (role !== undefined && total.role !== role) continue;
    counts[total.name] = (counts[total.name] ?? 0) + total.calls;
  }
  return counts;
}
