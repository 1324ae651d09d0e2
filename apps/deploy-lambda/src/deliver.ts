import {
  asksGitHub,
  type DeliveredTask,
  type DeliveryRound,
  type DeploymentReport,
  type Instant,
  type Ledger,
  makeReport,
  type NewTrouble,
  type PlaceResult,
  type Plan,
  type ReportPlan,
  type ReportTask,
} from "@windlass/deployment";
import { describeError, WindlassError } from "@windlass/windlass-error";
import { mapConcurrently } from "./concurrently.ts";
import { createGitHubRound, type GitHubResults, type GitHubRound, onGitHub } from "./github-round.ts";
import type { Ports, Reporters } from "./ports.ts";

/** A slow GitHub may take so much of a tick's time, and no more. */
const DELIVERY_MS = 20_000;
/** SNS publishes fast and takes 300 messages a second at least: https://docs.aws.amazon.com/general/latest/gr/sns.html */
const CONCURRENCY = 4;

export interface DeliverInput {
  readonly plan: ReportPlan;
  /** As it was committed, with what has just ended still in it. */
  readonly ledger: Ledger;
  readonly reasons: Plan["reasons"];
  readonly clock: () => Date;
  readonly signal: AbortSignal;
}

/**
 * Shows on GitHub and SNS what the plan asks for, as far as time and limits allow. Never rejects: what goes wrong is
 * part of the round, since no deployment may depend on it. Null where there is nothing to do.
 */
export async function deliverReports(ports: Ports, input: DeliverInput): Promise<DeliveryRound | null> {
  const { until, tasks, writes } = input.plan;
  if (until === null) return null;
  try {
    return await deliverAll(ports, input, until);
  } catch (error) {
    const delivered = tasks.map((task) => everywhere(task, { kind: "failed", id: null, trouble: troubleOf(error) }));
    return { until, unusedWrites: writes, delivered, pause: null };
  }
}

async function deliverAll(ports: Ports, input: DeliverInput, until: Instant): Promise<DeliveryRound> {
  const { tasks, writes } = input.plan;
  const signal = AbortSignal.any([input.signal, AbortSignal.timeout(DELIVERY_MS)]);
  const timeIsUp = () => signal.aborted || input.clock().getTime() >= Date.parse(until);
  const reporters = await ports.reports.load();
  const github = createGitHubRound({ notifier: reporters.github, writes, signal, timeIsUp });
  const stage: Stage = { ports, reporters, github, timeIsUp, input: { ...input, signal } };
  const reportOf = createReportFinder(stage);
  // Side by side: a GitHub that is slow holds up no message.
  const [shown, published] = await Promise.all([
    showOnGitHub(stage, tasks, reportOf),
    mapConcurrently(tasks, CONCURRENCY, (task) => publish(stage, task, reportOf)),
  ]);
  const delivered = tasks.map((task, index): DeliveredTask => {
    const { sha, results } = shown.get(task) ?? { sha: null, results: {} };
    const topic = published[index] ?? null;
    return { task, sha, results: topic === null ? results : { ...results, topic } };
  });
  return { until, unusedWrites: github.unusedWrites(), delivered, pause: github.pause() };
}

interface Stage {
  readonly ports: Ports;
  readonly reporters: Reporters;
  readonly github: GitHubRound;
  readonly timeIsUp: () => boolean;
  readonly input: DeliverInput;
}

type ReportFinder = (task: ReportTask) => Promise<Found>;

type Found =
  | { readonly kind: "report"; readonly report: DeploymentReport }
  | { readonly kind: "missing"; readonly trouble: NewTrouble };

/** Finds each report once, when it is first asked for: GitHub and SNS tell the same. */
function createReportFinder(stage: Stage): ReportFinder {
  const found = new Map<ReportTask, Promise<Found>>();
  return (task) => {
    const report = found.get(task) ?? findReport(stage, task);
    found.set(task, report);
    return report;
  };
}

/** Repositories side by side, the reports of one of them one after the other: an image's issue is known from the last. */
async function showOnGitHub(
  stage: Stage,
  tasks: readonly ReportTask[],
  reportOf: ReportFinder,
): Promise<ReadonlyMap<ReportTask, GitHubResults>> {
  const chains = new Map<string, ReportTask[]>();
  for (const task of tasks) chains.set(task.repository, [...(chains.get(task.repository) ?? []), task]);
  const shown = new Map<ReportTask, GitHubResults>();
  await mapConcurrently([...chains.values()], CONCURRENCY, async (chain) => {
    for (const task of chain) shown.set(task, await showTask(stage, task, reportOf));
  });
  return shown;
}

async function showTask({ github, timeIsUp }: Stage, task: ReportTask, reportOf: ReportFinder): Promise<GitHubResults> {
  if (!asksGitHub(task)) return { sha: null, results: {} };
  if (timeIsUp()) return { sha: null, results: onGitHub(task, { kind: "unreached" }) };
  const found = await reportOf(task);
  if (found.kind === "report") return github.deliver(task, found.report);
  return { sha: null, results: onGitHub(task, { kind: "failed", id: null, trouble: found.trouble }) };
}

/** From the ledger, or from the history where the deployment has left it. */
async function findReport({ ports, input }: Stage, task: ReportTask): Promise<Found> {
  const { ledger, reasons, signal } = input;
  try {
    const known = ledger.deployments[task.deployment];
    const deployment = known ?? (await ports.store.readHistory(task.deployment, signal));
    if (deployment === null) return missing(`there is no record of ${task.deployment} in the history`);
    const logUrl = ports.reports.logUrl(deployment);
    const source = { ledger, deployment, stage: task.stage, reason: reasons[task.image], logUrl };
    return { kind: "report", report: makeReport(source) };
  } catch (error) {
    return missing(describeError(error));
  }
}

function missing(message: string): Found {
  return { kind: "missing", trouble: { code: "record-unreadable", message, permanent: false, retryAfter: null } };
}

/** Null where the task asks for no message. */
async function publish(stage: Stage, task: ReportTask, reportOf: ReportFinder): Promise<PlaceResult | null> {
  const { ports, reporters, timeIsUp, input } = stage;
  if (task.places.topic === null) return null;
  if (timeIsUp()) return { kind: "unreached" };
  if (reporters.topics === null) return { kind: "shown", id: null };
  const found = await reportOf(task);
  if (found.kind === "missing") return { kind: "failed", id: null, trouble: found.trouble };
  const { report } = found;
  const commit = task.sha ?? report.commit;
  const commitUrl = commit === null ? null : (ports.reports.commitUrl?.(task.repository, commit) ?? null);
  try {
    await reporters.topics.publish(report, { commitUrl, signal: input.signal });
    return { kind: "shown", id: null };
  } catch (error) {
    return { kind: "failed", id: null, trouble: troubleOf(error) };
  }
}

function troubleOf(error: unknown): NewTrouble {
  const known = error instanceof WindlassError;
  return {
    code: known ? error.code : "not-published",
    message: describeError(error),
    permanent: known && !error.retryable,
    retryAfter: null,
  };
}

function everywhere(task: ReportTask, result: PlaceResult): DeliveredTask {
  const topic = task.places.topic === null ? {} : { topic: result };
  return { task, sha: null, results: { ...onGitHub(task, result), ...topic } };
}
