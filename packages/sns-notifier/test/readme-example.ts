import { SNSClient } from "@aws-sdk/client-sns";
import { type DeploymentReport, deploymentId, parseImageDigest, toInstant } from "@windlass/deployment";
import { createSandbox, virtualClock } from "@windlass/sandbox";
import { createSnsNotifier } from "@windlass/sns-notifier";

// SNS in this process; with AWS itself, only `new SNSClient({ region: "ap-southeast-2" })`.
const sandbox = createSandbox({ clock: virtualClock(Date.UTC(2026, 10, 24, 2, 15)) });
const sns = sandbox.account("222222222222").sns();
const client = new SNSClient(sandbox.clientConfig({ account: "222222222222" }));
const notifier = createSnsNotifier({
  client,
  topics: { start: null, finished: null, error: sns.createTopic("windlass-error") },
});

// `@windlass/deployment` makes reports from the ledger.
const startedAt = new Date("2026-11-24T02:15:00Z");
const report: DeploymentReport = {
  workload: "dataGov",
  area: "production",
  image: "dga-web",
  kind: "terraform",
  deployment: deploymentId(startedAt, 42),
  attempt: 1,
  digest: parseImageDigest(`sha256:${"1a2b".repeat(16)}`),
  commit: "cc83ec5e6a1f0b7d2c4e8f9a0b1c2d3e4f5a6b7c",
  stage: "ended",
  outcome: "failed",
  waitingFor: null,
  startedAt: toInstant(startedAt),
  endedAt: toInstant(new Date("2026-11-24T02:17:30Z")),
  plan: { add: 3, change: 1, destroy: 0 },
  failure: { code: "terraform-failed", message: "Error: no such bucket", hint: "make the bucket" },
  noop: false,
  brokenLock: null,
  notes: [],
  retryAt: null,
  isLive: false,
  lastGood: null,
  logUrl: "https://ap-southeast-2.console.aws.amazon.com/s3/buckets/windlass-state-222222222222",
};
const published = await notifier.publish(report);

export const told = [published.kind, sns.messages("windlass-error")[0]?.subject];
// ["published", "Failed to deploy dga-web in Production #cc83ec5"]
