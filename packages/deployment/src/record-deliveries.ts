import { epochOf, type Instant, toInstant } from "./identifiers.ts";
import { withoutFinished } from "./keep-reports.ts";
import type { ImageRecord, Ledger } from "./ledger.ts";
import type { Sinks } from "./report-input.ts";
import { laterStage, PLACES, type PlaceName, placeOf } from "./report-places.ts";
import type { KnownIssue, ReportPlace, ReportRecord, ReportTrouble } from "./report-record.ts";
import type { ReportTask } from "./report-task.ts";
import { returnWrites } from "./write-allowance.ts";

/** What became of one place of a task. */
export type PlaceResult =
  /** `id` is null where nothing had to be made. */
  | { readonly kind: "shown"; readonly id: number | null }
  /** `id`: it was made all the same. */
  | { readonly kind: "failed"; readonly id: number | null; readonly trouble: NewTrouble }
  /** Nothing was asked of GitHub or SNS. */
  | { readonly kind: "unreached" };

export interface NewTrouble {
  readonly code: string;
  readonly message: string;
  readonly permanent: boolean;
  /** Seconds for which the service asked to be left alone. */
  readonly retryAfter: number | null;
}

export interface DeliveredTask {
  readonly task: ReportTask;
  /** The full commit, where GitHub said it. */
  readonly sha: string | null;
  /** A result for every place of the task. */
  readonly results: Readonly<Partial<Record<PlaceName, PlaceResult>>>;
}

/** All that one tick delivered. */
export interface DeliveryRound {
  /** As planned. */
  readonly until: Instant;
  readonly unusedWrites: number;
  readonly delivered: readonly DeliveredTask[];
  /** Why GitHub as a whole is to be left alone; null where it answered, or was not asked. */
  readonly pause: NewTrouble | null;
}

const MINUTE_MS = 60_000;
/** Doubled from one minute on. */
const LONGEST_BACKOFF_MINUTES = 15;
const PARKED_MINUTES = 60;
const LONGEST_MESSAGE = 300;

/**
 * The ledger with what a tick delivered. It can be applied to a newer ledger than the one the tick committed: what is
 * shown never goes back, and only the tick's own intent is ended.
 */
export function recordDeliveries(
  ledger: Ledger,
  round: DeliveryRound,
  { sinks, now }: { readonly sinks: Sinks; readonly now: Date },
): Ledger {
  const isOwn = ledger.delivery.until === round.until;
  const reports = { ...ledger.reports };
  const images = { ...ledger.images };
  for (const delivered of round.delivered.map(withoutBadIds)) {
    const { deployment, image } = delivered.task;
    const report = reports[deployment];
    if (report !== undefined) reports[deployment] = recordResults(report, delivered, { isOwn, now });
    const record = images[image];
    if (record !== undefined) images[image] = recordShown(record, delivered);
  }
  const delivery = isOwn ? { ...returnWrites(ledger.delivery, round.unusedWrites), until: null } : ledger.delivery;
  const pause = nextPause(delivery.pause, round, now);
  const recorded = { ...ledger, reports, images, delivery: { ...delivery, pause }, updatedAt: toInstant(now) };
  return withoutFinished(recorded, sinks, now);
}

/**
 * One id that the ledger's schema refuses would make the whole ledger unreadable to the next tick, and stop the area. What
 * has no id is looked for.
 */
function withoutBadIds(delivered: DeliveredTask): DeliveredTask {
  const results = Object.entries(delivered.results).map(([name, result]) => [name, withGoodId(result)]);
  return { ...delivered, results: Object.fromEntries(results) };
}

function withGoodId(result: PlaceResult): PlaceResult {
  if (result.kind === "unreached" || (Number.isSafeInteger(result.id) && Number(result.id) > 0)) return result;
  return { ...result, id: null };
}

interface Recording {
  readonly isOwn: boolean;
  readonly now: Date;
}

function recordResults(report: ReportRecord, delivered: DeliveredTask, recording: Recording): ReportRecord {
  const places = PLACES.flatMap((name) => {
    const result = delivered.results[name];
    if (result === undefined) return [];
    return [[name, recordResult(placeOf(report, name), { result, name, delivered, ...recording })]];
  });
  return { ...report, sha: delivered.sha ?? report.sha, ...Object.fromEntries(places) };
}

interface OneResult extends Recording {
  readonly result: PlaceResult;
  readonly name: PlaceName;
  readonly delivered: DeliveredTask;
}

function recordResult(place: ReportPlace, { result, name, delivered, isOwn, now }: OneResult): ReportPlace {
  const { task } = delivered;
  switch (result.kind) {
    case "shown":
      return { ...place, shown: laterStage(place.shown, task.stage), id: result.id ?? place.id, trouble: null };
    case "failed": {
      // What is refused for good was not made; of anything else nobody knows.
      const tried = place.tried && !(isOwn && result.trouble.permanent && wasFirstTry(task, name));
      const trouble = nextTrouble(place.trouble, result.trouble, now);
      return { ...place, id: result.id ?? place.id, tried, trouble };
    }
    case "unreached":
      return isOwn && wasFirstTry(task, name) ? { ...place, tried: false } : place;
  }
}

/** No tick before this one can have made it. */
function wasFirstTry({ places }: ReportTask, name: PlaceName): boolean {
  const place = places[name];
  return place !== null && !place.mayExist && (name === "issue" || place.id === null);
}

function nextTrouble(before: ReportTrouble | null, found: NewTrouble, now: Date): ReportTrouble {
  const again = before?.code === found.code ? before : null;
  const failures = (again?.failures ?? 0) + 1;
  const backOff = Math.min(2 ** (failures - 1), LONGEST_BACKOFF_MINUTES);
  const wait = Math.max((found.permanent ? PARKED_MINUTES : backOff) * MINUTE_MS, (found.retryAfter ?? 0) * 1000);
  return {
    code: found.code,
    message: found.message.slice(0, LONGEST_MESSAGE),
    permanent: found.permanent,
    since: again?.since ?? toInstant(now),
    failures,
    until: toInstant(new Date(now.getTime() + wait)),
  };
}

/** An answer of GitHub ends the pause; no question leaves it as it is. */
function nextPause(before: ReportTrouble | null, round: DeliveryRound, now: Date): ReportTrouble | null {
  if (round.pause !== null) return nextTrouble(before, round.pause, now);
  const answered = round.delivered.some(({ results }) =>
    [results.check, results.deployment, results.issue].some(
      (result) => result !== undefined && result.kind !== "unreached",
    ),
  );
  return answered ? null : before;
}

function recordShown(record: ImageRecord, { task, results }: DeliveredTask): ImageRecord {
  const { repository, deployment } = task;
  const before = record.shown?.repository === repository ? record.shown : { repository, issue: null, active: null };
  const shown = { ...before, issue: issueAfter(before.issue, { task, result: results.issue }) };
  const made = results.deployment;
  const isActive = made?.kind === "shown" && task.stage === "ended" && record.live?.deployment === deployment;
  const active = isActive && made.id !== null ? { id: made.id, deployment } : shown.active;
  return shown.issue === null && active === null
    ? { ...record, shown: null }
    : { ...record, shown: { ...shown, active } };
}

interface IssueResult {
  readonly task: ReportTask;
  readonly result: PlaceResult | undefined;
}

function issueAfter(before: KnownIssue | null, { task, result }: IssueResult): KnownIssue | null {
  if (result === undefined || result.kind === "unreached") return before;
  if (task.places.issue?.want === "closed") return result.kind === "shown" ? null : before;
  if (result.id === null) return before;
  // An older failure that is told late does not make the issue an older one's.
  const isNewer = before === null || epochOf(before.deployment) < epochOf(task.deployment);
  return { number: result.id, deployment: isNewer ? task.deployment : before.deployment };
}
