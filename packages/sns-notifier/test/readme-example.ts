import { SNSClient } from "@aws-sdk/client-sns";
import { createSnsNotifier } from "@windlass/sns-notifier";
import { aReport } from "./reports.ts";

const notifier = createSnsNotifier({
  client: new SNSClient({ region: "ap-southeast-2" }),
  topics: { start: null, finished: "arn:aws:sns:ap-southeast-2:222222222222:windlass-finished", error: null },
});
export const published = await notifier.publish(aReport({ stage: "running", outcome: null }));
// { kind: "no-topic" }
