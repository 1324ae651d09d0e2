import { Stack } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSchedule, CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import { windowCrons } from "../cron.ts";
import type { AreaScope } from "./area-scope.ts";

export interface SchedulesProps {
  readonly scope: AreaScope;
  readonly functionArn: string;
}

/** A tick each minute while the area's window is open, by its own clock, and every 15 minutes around the clock. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, { scope: { area, names }, functionArn }: SchedulesProps) {
    super(scope, id);
    const group = new CfnScheduleGroup(this, "Group", { name: names.scheduleGroup });
    const role = this.createRole(names.schedulerRole, { group: names.scheduleGroup, functionArn });
    const shared = {
      groupName: names.scheduleGroup,
      // Whole minutes, and no tick that nobody waits for any more.
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: functionArn,
        roleArn: role.roleArn,
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    };
    windowCrons(area.window).forEach((scheduleExpression, index) => {
      const schedule = new CfnSchedule(this, `Window${index + 1}`, {
        ...shared,
        name: `${names.prefix}-window-${index + 1}`,
        scheduleExpression,
        scheduleExpressionTimezone: area.window.timezone,
      });
      schedule.addResourceDependency(group);
    });
    const always = new CfnSchedule(this, "Always", {
      ...shared,
      name: `${names.prefix}-always`,
      scheduleExpression: "rate(15 minutes)",
    });
    always.addResourceDependency(group);
  }

  /** The condition is on the group: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html */
  private createRole(roleName: string, target: { readonly group: string; readonly functionArn: string }): Role {
    const { account, region, partition } = Stack.of(this);
    return new Role(this, "Role", {
      roleName,
      description: "Runs the deploy Lambda of Windlass on schedule",
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: {
          StringEquals: {
            "aws:SourceAccount": account,
            "aws:SourceArn": `arn:${partition}:scheduler:${region}:${account}:schedule-group/${target.group}`,
          },
        },
      }),
      inlinePolicies: {
        invoke: new PolicyDocument({
          statements: [new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [target.functionArn] })],
        }),
      },
    });
  }
}
