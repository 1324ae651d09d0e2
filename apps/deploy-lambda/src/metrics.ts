import type { AccountMapping } from "@windlass/account-mapping";
import { onlyArea } from "@windlass/account-mapping";
import { isWindowOpen, type Outcome, type Plan, type Reason } from "@windlass/deployment";

/** What a tick measured; the infrastructure's alarms know these by their names in the log. */
export interface Measures {
  /** Deployments that ended badly in this tick. */
  readonly failed: number;
  /** Minutes that the head that waits longest has been waiting while the window was open. */
  readonly oldestWaitMinutes: number;
  readonly blocked: number;
  readonly launchSuspended: boolean;
}

const FINE: readonly Outcome[] = ["succeeded", "superseded", "cancelled"];
/** Reasons of heads that should go on by themselves: those that wait for a person or for the window are not meant. */
const STUCK = new Set<Reason["kind"]>([
  "unreadable",
  "ready",
  "waiting-dependency",
  "waiting-turn",
  "waiting-group",
  "waiting-retry",
]);
/** How far back the window is looked at, and in which steps: an alarm asks for more than an hour. */
const LOOK_BACK_MINUTES = 90;
const STEP_MINUTES = 10;
const MINUTE_MS = 60_000;

export function measureTick(
  plan: Plan,
  { slice, now }: { readonly slice: AccountMapping; readonly now: Date },
): Measures {
  return {
    failed: plan.ended.filter(({ state }) => !FINE.some((fine) => fine === state)).length,
    oldestWaitMinutes: oldestWait(plan, slice, now),
    blocked: Object.values(plan.reasons).filter(({ kind }) => kind === "blocked").length,
    launchSuspended: plan.notes.some(({ code }) => code === "launch-suspended"),
  };
}

function oldestWait({ ledger, reasons }: Plan, slice: AccountMapping, now: Date): number {
  const since = Object.values(ledger.deployments).flatMap(({ image, state, waitingSince }) => {
    const reason = reasons[image];
    return state === "waiting" && reason !== undefined && STUCK.has(reason.kind) ? [Date.parse(waitingSince)] : [];
  });
  if (since.length === 0) return 0;
  const waited = Math.max(0, Math.floor((now.getTime() - Math.min(...since)) / MINUTE_MS));
  return Math.min(waited, openMinutes(slice, now));
}

/** For how long the window has been open at least; 0 where it is closed. */
function openMinutes(slice: AccountMapping, now: Date): number {
  const { area } = onlyArea(slice);
  const isOpen = (ago: number) => isWindowOpen(area, new Date(now.getTime() - ago * MINUTE_MS));
  let minutes = 0;
  while (minutes < LOOK_BACK_MINUTES && isOpen(minutes + STEP_MINUTES)) minutes += STEP_MINUTES;
  return isOpen(0) ? minutes : 0;
}

/**
 * One line of CloudWatch's embedded metric format, which CloudWatch reads out of the function's log:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * `measures` is null where the tick measured nothing, since another tick was first.
 */
export function formatMetrics(input: {
  readonly area: string;
  readonly now: Date;
  readonly succeeded: boolean;
  readonly measures: Measures | null;
}): string {
  const { area, now, succeeded, measures } = input;
  const values = {
    TickSucceeded: Number(succeeded),
    ...(measures === null
      ? {}
      : {
          DeploymentFailed: measures.failed,
          OldestWaitMinutes: measures.oldestWaitMinutes,
          ImagesBlocked: measures.blocked,
          LaunchSuspended: Number(measures.launchSuspended),
        }),
  };
  const metrics = Object.keys(values).map((name) => ({ Name: name, Unit: "Count" }));
  return JSON.stringify({
    _aws: {
      Timestamp: now.getTime(),
      CloudWatchMetrics: [{ Namespace: "Windlass", Dimensions: [["area"]], Metrics: metrics }],
    },
    area,
    ...values,
  });
}
