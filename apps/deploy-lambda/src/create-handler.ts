import { redactText } from "@windlass/redaction";
import { describeError } from "@windlass/windlass-error";
import type { DestinationStream } from "pino";
import { type Environment, loadConfig } from "./config.ts";
import { type Deadline, deadlineOf, type InvocationContext } from "./deadline.ts";
import { LambdaError } from "./lambda-error.ts";
import { createLog, type Log, standardOutput } from "./log.ts";
import { type Connection, type ConnectOptions, connect } from "./main.ts";
import { formatMetrics } from "./metrics.ts";
import type { TickSummary } from "./summary.ts";
import { runTick } from "./tick.ts";

export interface HandlerOptions extends ConnectOptions {
  readonly env: Environment;
  /** The machine's clock by default. */
  readonly now?: (() => Date) | undefined;
  /** Where log lines go; standard output by default. */
  readonly logTo?: DestinationStream | undefined;
}

/**
 * Runs one tick and says what it did; rejects where the tick failed. The event is not looked at: what may start follows
 * from the clock and the mapping, never from the trigger.
 */
export type Handler = (event?: unknown, context?: InvocationContext) => Promise<TickSummary>;

interface Running {
  readonly log: Log;
  readonly connection: Connection;
}

/** Makes the function. Its first call reads the environment and makes the clients; all later calls use them. */
export function createHandler(options: HandlerOptions): Handler {
  const now = options.now ?? (() => new Date());
  const logTo = options.logTo ?? standardOutput();
  let started: Promise<Running> | undefined;

  function ensureStarted(): Promise<Running> {
    // A start that failed is tried again by the next tick, since S3 may answer then; one that succeeded stays.
    started ??= start({ ...options, logTo }).catch((error: unknown) => {
      started = undefined;
      throw error;
    });
    return started;
  }

  /** Whatever the log's level: the alarms rest on them. */
  function writeMetrics({
    succeeded,
    summary,
  }: {
    readonly succeeded: boolean;
    readonly summary?: TickSummary | undefined;
  }): void {
    const area = options.env["WINDLASS_AREA"] ?? "unknown";
    const line = formatMetrics({ area, now: now(), succeeded, measures: summary?.measures ?? null });
    logTo.write(`${line}\n`);
  }

  return async function handler(_event, context) {
    const deadline = deadlineOf(context);
    let log: Log | undefined;
    try {
      const running = await ensureStarted();
      log = running.log;
      const { slice, ports } = running.connection;
      const summary = await runTick(ports, { slice, now: now(), clock: now, deadline });
      logSummary(log, summary);
      writeMetrics({ succeeded: true, summary });
      return summary;
    } catch (error) {
      writeMetrics({ succeeded: false, summary: summaryOf(error) });
      throw reportFailure(log ?? createLog("info", logTo), outOfTime(deadline, error));
    }
  };
}

async function start(options: HandlerOptions & { readonly logTo: DestinationStream }): Promise<Running> {
  const config = loadConfig(options.env);
  return { log: createLog(config.logLevel, options.logTo), connection: await connect(config, options) };
}

function logSummary(log: Log, summary: TickSummary): void {
  const { waiting, ...rest } = summary;
  log.info({ ...rest, waiting: waiting.length }, "tick done");
  log.debug({ area: summary.area, waiting }, "waiting images");
}

/** Whatever an ended signal broke off, the cause is the time. */
function outOfTime(deadline: Deadline, error: unknown): unknown {
  if (!deadline.work.aborted) return error;
  return new LambdaError({
    code: "out-of-time",
    message: `the function's time ran out: ${describeError(error)}`,
    hint: "the next tick goes on from the ledger; if none gets through, raise the function's timeout",
    retryable: true,
    cause: error,
    summary: summaryOf(error),
  });
}

/** Lambda writes what is thrown to its own log, so it carries a message without secrets and nothing else. */
function reportFailure(log: Log, error: unknown): Error {
  log.error({ error, summary: summaryOf(error) }, "tick failed");
  return new Error(redactText(describeError(error)));
}

function summaryOf(error: unknown): TickSummary | undefined {
  return error instanceof LambdaError ? (error.summary ?? undefined) : undefined;
}
