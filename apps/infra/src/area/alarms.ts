import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { AreaScope } from "./area-scope.ts";

export interface AlarmsProps {
  readonly scope: AreaScope;
  readonly function: IFunction;
  readonly topic: ITopic;
}

/** What the deploy Lambda measures, by embedded metric format: the names in its `src/metrics.ts`. */
const NAMESPACE = "Windlass";

/** The alarm of ticks counts minutes: the slow schedule leaves up to 15 of them without one, and fires within a minute. */
const SILENT_MINUTES = 16;

interface AlarmSettings {
  readonly name: string;
  readonly metric: Metric;
  readonly description: string;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  readonly periods?: number;
  readonly missing: TreatMissingData;
}

/** When people must look: nothing runs, something failed, or something does not go on by itself. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { scope: { name, names }, function: deploy, topic }: AlarmsProps) {
    super(scope, id);
    const of = measuresOf(name);
    const { GREATER_THAN_OR_EQUAL_TO_THRESHOLD: atLeast, GREATER_THAN_THRESHOLD: above } = ComparisonOperator;
    const { LESS_THAN_THRESHOLD: below } = ComparisonOperator;
    const { BREACHING, NOT_BREACHING } = TreatMissingData;
    const alarms: readonly AlarmSettings[] = [
      {
        name: "no-tick",
        metric: of("TickSucceeded", { statistic: Stats.SUM, minutes: 1 }),
        description: "No tick has succeeded for a quarter of an hour: nothing is deployed, and nothing is reported.",
        ...{ threshold: 1, comparison: below, periods: SILENT_MINUTES, missing: BREACHING },
      },
      {
        name: "tick-failed",
        // Lambda's own count has those that ran out of time or memory, too.
        metric: deploy.metricErrors({ statistic: Stats.SUM, period: Duration.minutes(5) }),
        description: "A tick failed; the function's log says why. The next tick goes on from the ledger.",
        ...{ threshold: 1, comparison: atLeast, missing: NOT_BREACHING },
      },
      {
        name: "deployment-failed",
        metric: of("DeploymentFailed", { statistic: Stats.SUM, minutes: 5 }),
        description: "A deployment failed; the issue in its repository and the topic for errors say which.",
        ...{ threshold: 1, comparison: atLeast, missing: NOT_BREACHING },
      },
      {
        name: "waiting",
        metric: of("OldestWaitMinutes", { statistic: Stats.MAXIMUM, minutes: 15 }),
        description: "A head has been waiting for more than an hour although the area's window is open.",
        ...{ threshold: 60, comparison: above, missing: NOT_BREACHING },
      },
      {
        name: "blocked",
        metric: of("ImagesBlocked", { statistic: Stats.MAXIMUM, minutes: 15 }),
        description: "An image is blocked until a person has looked at the account and unblocks it.",
        ...{ threshold: 1, comparison: atLeast, missing: NOT_BREACHING },
      },
      {
        name: "launch-suspended",
        metric: of("LaunchSuspended", { statistic: Stats.MAXIMUM, minutes: 15 }),
        description: "EC2 Auto Scaling has suspended Launch for the deploy group: resume it.",
        ...{ threshold: 1, comparison: atLeast, missing: NOT_BREACHING },
      },
    ];
    for (const alarm of alarms) this.addAlarm(`${names.prefix}-${alarm.name}`, alarm, topic);
  }

  private addAlarm(alarmName: string, settings: AlarmSettings, topic: ITopic): void {
    const { metric, description, threshold, comparison, missing, periods = 1 } = settings;
    const alarm = new Alarm(this, settings.name, {
      alarmName,
      alarmDescription: description,
      metric,
      threshold,
      comparisonOperator: comparison,
      evaluationPeriods: periods,
      treatMissingData: missing,
    });
    alarm.addAlarmAction(new SnsAction(topic));
  }
}

function measuresOf(area: string) {
  return (metricName: string, { statistic, minutes }: { readonly statistic: string; readonly minutes: number }) =>
    new Metric({
      namespace: NAMESPACE,
      metricName,
      dimensionsMap: { area },
      statistic,
      period: Duration.minutes(minutes),
    });
}
