import type { AccountMapping } from "@windlass/account-mapping";
import { attemptsAt, quarantineOf } from "./attempts.ts";
import { isActive, isWaiting } from "./draft.ts";
import { type DeploymentId, epochOf, type Instant, isFuture, toInstant } from "./identifiers.ts";
import type { Deployment, Ledger } from "./ledger.ts";
import { outcomeSchema } from "./outcome.ts";
import type { Note } from "./plan.ts";
import type { ReportInput, Sinks } from "./report-input.ts";
import { isBehind, PLACES, placeOf } from "./report-places.ts";
import type { ReportRecord, ReportStage } from "./report-record.ts";

/** A report that could not be delivered for so long is given up. */
const KEPT_DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;
/** Some 140 KB of ledger; the oldest of more are given up. */
const MOST_REPORTS = 200;

export interface KeptReports {
  readonly ledger: Ledger;
  readonly notes: readonly Note[];
}

/** The ledger with a report for every deployment that people are to hear of, and without those that have been told. */
export function keepReports(ledger: Ledger, input: ReportInput): KeptReports {
  const { sinks, now } = input;
  if (!sinks.github && !sinks.topics) return { ledger: withReports(ledger, {}, now), notes: [] };
  const current = withReports(ledger, followDeployments(ledger, input), now);
  const open = dropFinished(current, input);
  const { kept, notes } = giveUp(open, now);
  const result = withReports(open, kept, now);
  return { ledger: result, notes: [...notes, ...describeTroubles(result)] };
}

function withReports(ledger: Ledger, reports: Ledger["reports"], now: Date): Ledger {
  const before = Object.entries(ledger.reports);
  const same = before.length === Object.keys(reports).length && before.every(([id, one]) => reports[id] === one);
  return same ? ledger : { ...ledger, reports, updatedAt: toInstant(now) };
}

function followDeployments(ledger: Ledger, { slice, now }: ReportInput): Ledger["reports"] {
  const reports = { ...ledger.reports };
  for (const deployment of Object.values(ledger.deployments)) {
    const report = followDeployment(ledger, deployment, { slice, now });
    if (report !== null) reports[deployment.id] = report;
  }
  return reports;
}

interface Follow {
  readonly slice: AccountMapping;
  readonly now: Date;
}

/** Null: nobody needs to be told of it. */
function followDeployment(ledger: Ledger, deployment: Deployment, { slice, now }: Follow): ReportRecord | null {
  const { id, image, digest, commit } = deployment;
  const known = ledger.reports[id];
  const stage = stageOf(deployment);
  if (known?.stage === stage) return known;
  const launched = deployment.launchedAt !== null;
  if (known === undefined && stage === "ended" && !launched) return null;
  const repository = known?.repository ?? slice.images[image]?.github ?? image;
  return {
    image,
    digest,
    commit,
    repository,
    stage,
    at: toInstant(now),
    launched,
    outcome: stage === "ended" ? outcomeSchema.parse(deployment.state) : null,
    retryAt: stage === "ended" ? retryAtOf(ledger, deployment, slice) : null,
    sha: known?.sha ?? null,
    check: known?.check ?? null,
    deployment: known?.deployment ?? null,
    issue: known?.issue ?? null,
    topic: known?.topic ?? null,
  };
}

function stageOf(deployment: Deployment): ReportStage {
  if (!isActive(deployment)) return "ended";
  return isWaiting(deployment) ? "waiting" : "running";
}

/** When the digest that this deployment failed to bring is tried again by itself. */
function retryAtOf(ledger: Ledger, { id, image, digest }: Deployment, slice: AccountMapping): Instant | null {
  const record = ledger.images[image];
  const mapped = slice.images[image];
  if (record === undefined || mapped === undefined || record.block !== null) return null;
  const attempts = attemptsAt(record, digest);
  if (attempts?.last.deployment !== id || quarantineOf(attempts, mapped) !== null) return null;
  return attempts.notBefore;
}

/** What a tick that delivers right now makes known can still change what is wanted: nothing is dropped meanwhile. */
function dropFinished(ledger: Ledger, { sinks, now }: ReportInput): Ledger {
  return isFuture(ledger.delivery.until, now) ? ledger : withoutFinished(ledger, sinks, now);
}

/** The ledger without the reports that are shown wherever they should be, of deployments that left it. */
export function withoutFinished(ledger: Ledger, sinks: Sinks, now: Date): Ledger {
  const places = PLACES.filter((name) => (name === "topic" ? sinks.topics : sinks.github));
  const kept = Object.entries(ledger.reports).filter(([key, report]) => {
    const own = { id: key as DeploymentId, report };
    return ledger.deployments[own.id] !== undefined || places.some((name) => isBehind(ledger, own, name));
  });
  return withReports(ledger, Object.fromEntries(kept), now);
}

interface Kept {
  readonly kept: Ledger["reports"];
  readonly notes: readonly Note[];
}

function giveUp({ reports, deployments }: Ledger, now: Date): Kept {
  const entries = Object.entries(reports);
  const oldestFirst = entries
    .filter(([id]) => deployments[id] === undefined)
    .toSorted(([one], [other]) => epochOf(one as DeploymentId) - epochOf(other as DeploymentId));
  const tooMany = Math.max(0, entries.length - MOST_REPORTS);
  const givenUp = new Set(
    oldestFirst.filter(([, { at }], index) => index < tooMany || now.getTime() - Date.parse(at) > KEPT_DAYS * DAY_MS),
  );
  return {
    kept: Object.fromEntries(entries.filter((entry) => !givenUp.has(entry))),
    notes: [...givenUp].map(([id, { image }]) => ({
      code: "report-given-up",
      image,
      message: `what became of ${id} could not be shown everywhere; its record is in the history`,
    })),
  };
}

/** Parked reports and a pause of GitHub are told by every tick, until they are over. */
function describeTroubles({ reports, delivery }: Ledger): readonly Note[] {
  const { pause } = delivery;
  const paused =
    pause === null
      ? []
      : [
          {
            code: "github-paused",
            image: null,
            message: `GitHub is left alone until ${pause.until}: ${pause.message} (${pause.code})`,
          },
        ];
  const parked = Object.entries(reports).flatMap(([id, report]) =>
    PLACES.flatMap((name) => {
      const { trouble } = placeOf(report, name);
      if (trouble === null) return [];
      const { permanent, message, code, until } = trouble;
      const state = permanent ? "parked" : "not shown yet";
      return [
        {
          code: permanent ? "report-parked" : "report-delayed",
          image: report.image,
          message: `${name} of ${id} is ${state}: ${message} (${code}); tried again at ${until}`,
        },
      ];
    }),
  );
  return [...paused, ...parked];
}
