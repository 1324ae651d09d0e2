import { type MessageAttributeValue, PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { DeploymentReport } from "@windlass/deployment";
import { messageOf } from "./message.ts";
import { publishFailure } from "./publish-failure.ts";
import { hasFailed, subjectOf } from "./subject.ts";

/** ARNs; null: nobody is told. */
export interface SnsTopics {
  /** A deployment was launched. */
  readonly start: string | null;
  /** It succeeded, or was superseded or cancelled. */
  readonly finished: string | null;
  /** It came to any other end. */
  readonly error: string | null;
}

export interface SnsNotifierOptions {
  readonly client: SNSClient;
  readonly topics: SnsTopics;
}

export interface PublishOptions {
  /** Where people see the commit; null where that is not known. */
  readonly commitUrl?: string | null;
  readonly signal?: AbortSignal;
}

export type Publication =
  | { readonly kind: "published"; readonly messageId: string }
  /** Nobody is to be told of this: no topic, or nothing that has begun. */
  | { readonly kind: "no-topic" };

export interface SnsNotifier {
  /**
   * Publishes what the report says, on the topic for its stage and outcome. A message that is published again is
   * received again: SNS has no way to look for it. Throws `SnsNotifierError`.
   */
  publish(report: DeploymentReport, options?: PublishOptions): Promise<Publication>;
}

/**
 * Publishes reports on the area's topics.
 *
 * @example
 * ```ts
 * const notifier = createSnsNotifier({ client: new SNSClient({}), topics: { start: null, finished: null, error: arn } });
 * await notifier.publish(report);
 * ```
 */
export function createSnsNotifier({ client, topics }: SnsNotifierOptions): SnsNotifier {
  return {
    async publish(report, { commitUrl = null, signal } = {}) {
      const topic = topicFor(report, topics);
      if (topic === null) return { kind: "no-topic" };
      const command = new PublishCommand({
        TopicArn: topic,
        Subject: subjectOf(report),
        Message: messageOf(report, commitUrl),
        MessageAttributes: attributesOf(report),
      });
      try {
        const { MessageId: messageId = "" } = await client.send(
          command,
          signal === undefined ? {} : { abortSignal: signal },
        );
        return { kind: "published", messageId };
      } catch (error) {
        throw publishFailure(error, topic);
      }
    },
  };
}

function topicFor(report: DeploymentReport, { start, finished, error }: SnsTopics): string | null {
  switch (report.stage) {
    case "waiting":
      return null;
    case "running":
      return start;
    case "ended":
      return hasFailed(report) ? error : finished;
  }
}

/** For filter policies of subscriptions: https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html */
function attributesOf({ area, image, outcome, deployment }: DeploymentReport): Record<string, MessageAttributeValue> {
  const values = { area, image, deployment, outcome: outcome ?? "started" };
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, { DataType: "String", StringValue: text }]),
  );
}
