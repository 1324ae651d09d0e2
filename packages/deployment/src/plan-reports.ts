import { type DeploymentId, epochOf, type Instant, isFuture, toInstant } from "./identifiers.ts";
import { keepReports } from "./keep-reports.ts";
import type { Ledger } from "./ledger.ts";
import type { Note } from "./plan.ts";
import type { ReportInput } from "./report-input.ts";
import { isBehind, type OwnReport, PLACES, type PlaceName, placeOf, STAGE_RANK } from "./report-places.ts";
import type { ReportRecord } from "./report-record.ts";
import { asksGitHub, makeTask, type ReportTask } from "./report-task.ts";
import { takeWrites, writesLeft } from "./write-allowance.ts";

export interface ReportPlan {
  /** To be committed before anything is delivered; the same object as the one given where nothing changed. */
  readonly ledger: Ledger;
  /** In the order in which to deliver them: the newest of every image first. */
  readonly tasks: readonly ReportTask[];
  /** When this tick must have stopped delivering; null where it has nothing to deliver. */
  readonly until: Instant | null;
  /** So many writes may be asked of GitHub. */
  readonly writes: number;
  readonly notes: readonly Note[];
}

/** Longer than any tick lives: after it, the tick that intended to deliver can no longer do so. */
const INTENT_MS = 2 * 60_000;
/** More than a tick gets done in its time. */
const MOST_TASKS = 40;

/**
 * Decides what this tick shows of the area's deployments on GitHub and SNS. Pure, and apart from `planTick`: no report
 * ever has a say in what is deployed. One tick delivers at a time; whatever it makes that must not be made twice is
 * noted as tried first, so that the next tick looks for it should this one die.
 */
export function planReports(before: Ledger, input: ReportInput): ReportPlan {
  const { ledger, notes } = keepReports(before, input);
  const { delivery } = ledger;
  const idle = { ledger, tasks: [], until: null, writes: 0, notes };
  if (isFuture(delivery.until, input.now)) return idle;
  const writes = mayUseGitHub(ledger, input) ? writesLeft(delivery, input.now) : 0;
  const open = PLACES.filter((name) => (name === "topic" ? input.sinks.topics : writes > 0));
  const tasks = newestFirst(ledger)
    .map((own) => makeTask(ledger, own, dueOf(ledger, own, { open, now: input.now })))
    .filter((task) => task !== null)
    .slice(0, MOST_TASKS);
  if (tasks.length === 0) return idle;
  const granted = tasks.some(asksGitHub) ? writes : 0;
  const until = toInstant(new Date(input.now.getTime() + INTENT_MS));
  return { ledger: intend(ledger, tasks, { until, granted, now: input.now }), tasks, until, writes: granted, notes };
}

function mayUseGitHub({ delivery }: Ledger, { sinks, now }: ReportInput): boolean {
  return sinks.github && !isFuture(delivery.pause?.until ?? null, now);
}

/**
 * The newest deployment of every image, then the second newest, and so on: what is true now is shown first. Of those, what
 * ended comes before what runs, and that before what only waits: of it there may be much.
 */
function newestFirst(ledger: Ledger): readonly OwnReport[] {
  const newest = Object.entries(ledger.reports)
    .map(([id, report]) => ({ id: id as DeploymentId, report }))
    .toSorted((one, other) => epochOf(other.id) - epochOf(one.id));
  const seen = new Map<string, number>();
  const ranked = newest.map((own) => {
    const rank = seen.get(own.report.image) ?? 0;
    seen.set(own.report.image, rank + 1);
    return { own, rank };
  });
  const stageOf = ({ own }: (typeof ranked)[number]) => STAGE_RANK[own.report.stage];
  return ranked.toSorted((one, other) => one.rank - other.rank || stageOf(other) - stageOf(one)).map(({ own }) => own);
}

interface Open {
  readonly open: readonly PlaceName[];
  readonly now: Date;
}

function dueOf(ledger: Ledger, own: OwnReport, { open, now }: Open): readonly PlaceName[] {
  const isDue = (name: PlaceName) => !isFuture(placeOf(own.report, name).trouble?.until ?? null, now);
  return open.filter((name) => isBehind(ledger, own, name) && isDue(name));
}

interface Intent {
  readonly until: Instant;
  readonly granted: number;
  readonly now: Date;
}

function intend(ledger: Ledger, tasks: readonly ReportTask[], { until, granted, now }: Intent): Ledger {
  const byId = new Map<string, ReportTask>(tasks.map((task) => [task.deployment, task]));
  const reports = Object.fromEntries(
    Object.entries(ledger.reports).map(([id, report]) => [id, noteTried(report, byId.get(id))]),
  );
  const delivery = { ...takeWrites(ledger.delivery, granted, now), until };
  return { ...ledger, reports, delivery, updatedAt: toInstant(now) };
}

/** SNS is left out: a message that may have been published is published again. */
function noteTried(report: ReportRecord, task: ReportTask | undefined): ReportRecord {
  if (task === undefined) return report;
  const tried = (["check", "deployment", "issue"] as const)
    .filter((name) => task.places[name] !== null)
    .map((name) => [name, { ...placeOf(report, name), tried: true }]);
  return { ...report, ...Object.fromEntries(tried) };
}
