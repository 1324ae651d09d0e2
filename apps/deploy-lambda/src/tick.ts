import { type AccountMapping, onlyArea } from "@windlass/account-mapping";
import { observeArea } from "@windlass/area-observer";
import {
  type Ledger,
  type LedgerScope,
  planReports,
  planTick,
  recordDeliveries,
  recordEffects,
} from "@windlass/deployment";
import { commitLedger, mergeIntoLedger, openLedger, type StoredLedger } from "./commit.ts";
import type { Deadline } from "./deadline.ts";
import { type DeliverInput, deliverReports } from "./deliver.ts";
import { LambdaError } from "./lambda-error.ts";
import { type ActionFailure, describeFailure, performActions } from "./perform.ts";
import type { Ports } from "./ports.ts";
import { summarize, summarizeLost, type TickSummary } from "./summary.ts";

export interface TickInput {
  readonly slice: AccountMapping;
  /** The one clock reading of this tick. */
  readonly now: Date;
  /** The time right now, for what must not be done late. */
  readonly clock: () => Date;
  readonly deadline: Deadline;
}

/**
 * Runs one tick. Throws where the account is wrong, the ledger can not be read or written, or an action failed;
 * what failed is derived again by a later tick.
 */
export async function runTick(ports: Ports, { slice, now, clock, deadline }: TickInput): Promise<TickSummary> {
  const { name, area } = onlyArea(slice);
  const scope = { workload: slice.workload, area: name, account: area.account };
  const moment = { area: name, now, slice };
  const signal = deadline.work;

  await ports.checkAccount(signal);
  const opened = await openLedger(ports.store, scope, { now, signal });
  if (opened.kind === "lost") return summarizeLost(moment);
  const shared = sharedClock(clock, opened.readAt);

  const { observation, notes } = await observeArea(ports, { ledger: opened.ledger, slice, now, signal });
  signal.throwIfAborted();
  const plan = planTick(opened.ledger, observation, slice, now);
  const reports = planReports(plan.ledger, { slice, sinks: ports.reports.sinks, now: shared() });
  const committed = await commitLedger(ports.store, reports.ledger, { stored: opened, signal });
  if (committed.kind === "lost") return summarizeLost(moment);

  const { effects, failures } = await performActions(ports, { actions: plan.actions, now, clock, signal });
  const stored = await mergeIntoLedger(ports.store, {
    scope,
    stored: committed,
    merge: (ledger) => recordEffects(ledger, effects, now),
    signal: deadline.commit,
  });
  // Last, when everything that is deployed is under way.
  const delivery = { plan: reports, ledger: reports.ledger, reasons: plan.reasons, clock: shared, signal };
  await report(ports, { scope, stored, now: shared(), delivery, signal: deadline.commit });
  const summary = summarize(moment, plan, [...notes, ...reports.notes]);
  if (failures.length > 0) throw actionsFailed(failures, summary);
  return summary;
}

/**
 * S3's own clock, as far as it has told it: one that two ticks have in common, however far their machines' clocks are
 * apart. Only one of them may deliver at a time, and what says until when is written by the other one.
 */
function sharedClock(clock: () => Date, readAt: Date | null): () => Date {
  const aheadMs = readAt === null ? 0 : readAt.getTime() - clock().getTime();
  return () => new Date(clock().getTime() + aheadMs);
}

interface Reporting {
  readonly scope: LedgerScope;
  readonly stored: StoredLedger;
  readonly now: Date;
  readonly delivery: DeliverInput;
  /** Ends the commit. */
  readonly signal: AbortSignal;
}

async function report(ports: Ports, { scope, stored, now, delivery, signal }: Reporting): Promise<void> {
  const round = await deliverReports(ports, delivery);
  if (round === null) return;
  const { sinks } = ports.reports;
  const merge = (ledger: Ledger) => recordDeliveries(ledger, round, { sinks, now });
  await mergeIntoLedger(ports.store, { scope, stored, merge, signal });
}

/** So many are told by name; the log has no room for thousands. */
const TOLD_FAILURES = 10;

function actionsFailed(failures: readonly ActionFailure[], summary: TickSummary): LambdaError {
  const told = failures.slice(0, TOLD_FAILURES).map(describeFailure).join("; ");
  const untold = failures.length > TOLD_FAILURES ? `; and ${failures.length - TOLD_FAILURES} more` : "";
  return new LambdaError({
    code: "actions-failed",
    message: `${failures.length === 1 ? "an action" : `${failures.length} actions`} failed: ${told}${untold}`,
    hint: "the next tick does them again",
    cause: failures[0]?.error,
    retryable: true,
    summary,
  });
}
