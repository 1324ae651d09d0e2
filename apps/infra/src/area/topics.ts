import { Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";

export interface TopicsProps {
  readonly prefix: string;
  /** Address that gets the messages of the topic for errors. */
  readonly email: string | null;
}

/** Where deployments are told: their start, their end, and what went wrong. */
export class Topics extends Construct {
  readonly start: Topic;
  readonly finished: Topic;
  /** Alarms come here, too. */
  readonly error: Topic;

  constructor(scope: Construct, id: string, { prefix, email }: TopicsProps) {
    super(scope, id);
    this.start = new Topic(this, "Start", { topicName: `${prefix}-start`, enforceSSL: true });
    this.finished = new Topic(this, "Finished", { topicName: `${prefix}-finished`, enforceSSL: true });
    this.error = new Topic(this, "Error", { topicName: `${prefix}-error`, enforceSSL: true });
    if (email !== null) this.error.addSubscription(new EmailSubscription(email));
    this.allowAlarms(prefix);
  }

  /** A policy of one's own replaces the topic's default one, which lets the account's alarms in. */
  private allowAlarms(prefix: string): void {
    const { account, region, partition } = Stack.of(this);
    this.error.addToResourcePolicy(
      new PolicyStatement({
        sid: "Alarms",
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.error.topicArn],
        conditions: {
          StringEquals: { "aws:SourceAccount": account },
          ArnLike: { "aws:SourceArn": `arn:${partition}:cloudwatch:${region}:${account}:alarm:${prefix}-*` },
        },
      }),
    );
  }
}
