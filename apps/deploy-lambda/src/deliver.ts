import {
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
import { createGitHubRound, type GitHubRound } from "./github-round.ts";
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
 * part of the round, and no deployment depends on it. Null where there is nothing to do.
 */
export async function deliverReports(ports: Ports, input: DeliverInput): Promise<DeliveryRound | null> {
  const { until, tasks, writes } = input.plan;
  if (until === null) return null;
  const signal = AbortSignal.any([input.signal, AbortSignal.timeout(DELIVERY_MS)]);
  const timeIsUp = () => signal.aborted || input.clock().getTime() >= Date.parse(until);
  const reporters = await loadReporters(ports);
  if (reporters instanceof Error) return nothingDelivered(input.plan, until, reporters);
  const github = createGitHubRound({ notifier: reporters.github, writes, signal, timeIsUp });
  const stage: Stage = { ports, reporters, github, timeIsUp, input: { ...input, signal } };
  const chains = Object.values(Object.groupBy(tasks, ({ repository }) => repository));
  const delivered = await mapConcurrently(chains, CONCURRENCY, async (chain = []) => {
    const done: DeliveredTask[] = [];
    // One after the other: what is known of an image's issue comes from the task before.
    for (const task of chain) done.push(await deliverTask(stage, task));
    return done;
  });
  return { until, unusedWrites: github.unusedWrites(), delivered: delivered.flat(), pause: github.pause() };
}

interface Stage {
  readonly ports: Ports;
  readonly reporters: Reporters;
  readonly github: GitHubRound;
  readonly timeIsUp: () => boolean;
  readonly input: DeliverInput;
}

async function loadReporters({ reports }: Ports): Promise<Reporters | Error> {
  try {
    return await reports.load();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function nothingDelivered({ tasks, writes }: ReportPlan, until: Instant, error: Error): DeliveryRound {
  const delivered = tasks.map((task) => failEverywhere(task, troubleOf(error)));
  return { until, unusedWrites: writes, delivered, pause: null };
}

async function deliverTask(stage: Stage, task: ReportTask): Promise<DeliveredTask> {
  if (stage.timeIsUp()) return unreached(task);
  const found = await findReport(stage, task);
  if (found.kind === "missing") return failEverywhere(task, found.trouble);
  const [{ sha, results }, topic] = await Promise.all([
    stage.github.deliver(task, found.report),
    publish(stage, task, found.report),
  ]);
  return { task, sha, results: topic === null ? results : { ...results, topic } };
}

type Found =
  | { readonly kind: "report"; readonly report: DeploymentReport }
  | { readonly kind: "missing"; readonly trouble: NewTrouble };

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

async function publish(stage: Stage, task: ReportTask, report: DeploymentReport): Promise<PlaceResult | null> {
  const { ports, reporters, input } = stage;
  if (task.places.topic === null) return null;
  if (reporters.topics === null) return { kind: "shown", id: null };
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

function unreached(task: ReportTask): DeliveredTask {
  return everywhere(task, { kind: "unreached" });
}

function failEverywhere(task: ReportTask, trouble: NewTrouble): DeliveredTask {
  return everywhere(task, { kind: "failed", id: null, trouble });
}

function everywhere(task: ReportTask, result: PlaceResult): DeliveredTask {
  const { check, deployment, issue, topic } = task.places;
  return {
    task,
    sha: null,
    results: {
      ...(check === null ? {} : { check: result }),
      ...(deployment === null ? {} : { deployment: result }),
      ...(issue === null ? {} : { issue: result }),
      ...(topic === null ? {} : { topic: result }),
    },
  };
}
