import { Duration } from "aws-cdk-lib";
import { type EventPattern, Match, Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { AreaNames } from "../area-names.ts";

export interface EventsProps {
  readonly names: AreaNames;
  readonly function: IFunction;
}

/**
 * What makes a tick at once, where the next one of the schedule would do, too: a result or a person's control in the state bucket, an instance
 * of the deploy group that came or went, an instance refresh that ended. The instances that EC2 tells of itself are those
 * of the whole account, without their group; EC2 Auto Scaling tells of the same ends, of this group alone.
 */
export class Events extends Construct {
  constructor(scope: Construct, id: string, { names, function: target }: EventsProps) {
    super(scope, id);
    for (const [name, eventPattern] of Object.entries(patternsOf(names))) {
      new Rule(this, name, {
        ruleName: `${names.prefix}-${name.toLowerCase()}`,
        eventPattern,
        targets: [new LambdaFunction(target, { retryAttempts: 0, maxEventAge: Duration.seconds(60) })],
      });
    }
  }
}

function patternsOf({ stateBucket, deployGroup }: AreaNames): Readonly<Record<string, EventPattern>> {
  return {
    Result: {
      source: ["aws.s3"],
      detailType: ["Object Created"],
      detail: {
        bucket: { name: [stateBucket] },
        object: { key: Match.anyOf(Match.wildcard("runs/*/result.json"), Match.prefix("controls/")) },
      },
    },
    Instance: {
      source: ["aws.autoscaling"],
      detailType: [
        "EC2 Instance Launch Successful",
        "EC2 Instance Launch Unsuccessful",
        "EC2 Instance Terminate Successful",
        "EC2 Instance Terminate Unsuccessful",
      ],
      detail: { AutoScalingGroupName: [deployGroup] },
    },
    Refresh: {
      source: ["aws.autoscaling"],
      detailType: [
        "EC2 Auto Scaling Instance Refresh Succeeded",
        "EC2 Auto Scaling Instance Refresh Failed",
        "EC2 Auto Scaling Instance Refresh Cancelled",
      ],
    },
  };
}
