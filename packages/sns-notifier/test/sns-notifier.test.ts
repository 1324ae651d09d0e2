import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import type { DeploymentReport } from "@windlass/deployment";
import { clientConfig, type RunningMoto, startMoto } from "@windlass/moto";
import { createSandbox, virtualClock } from "@windlass/sandbox";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createSnsNotifier } from "../src/index.ts";
import { aReport } from "./reports.ts";

const account = "222222222222";
const arnOf = (name: string) => `arn:aws:sns:ap-southeast-2:${account}:${name}`;
const topics = { start: arnOf("start"), finished: arnOf("finished"), error: arnOf("error") };

function openSandbox() {
  const sandbox = createSandbox({ clock: virtualClock(Date.UTC(2026, 10, 24, 9)) });
  const client = new SNSClient({ ...sandbox.clientConfig({ account }), maxAttempts: 1 });
  const sns = sandbox.account(account).sns();
  for (const name of ["start", "finished", "error"]) sns.createTopic(name);
  return { sandbox, client, sns };
}

describe("a report", () => {
  it.each<[Partial<DeploymentReport>, keyof typeof topics]>([
    [{ stage: "running", outcome: null }, "start"],
    [{ outcome: "succeeded" }, "finished"],
    [{ outcome: "superseded" }, "finished"],
    [{ outcome: "cancelled" }, "finished"],
    [{ outcome: "failed" }, "error"],
    [{ outcome: "lost" }, "error"],
    [{ outcome: "never-started" }, "error"],
    [{ outcome: "state-unsaved" }, "error"],
    [{ outcome: "unknown" }, "error"],
  ])("%o goes to the topic %s, with what a subscription can filter by", async (change, topic) => {
    const { client, sns } = openSandbox();
    const report = aReport(change);

    const published = await createSnsNotifier({ client, topics }).publish(report, {
      commitUrl: "https://github.com/c",
    });

    const [message] = sns.messages(topic);
    expect(published).toEqual({ kind: "published", messageId: message?.messageId });
    expect(message?.attributes).toEqual({
      area: "production",
      image: "dga-web",
      deployment: "20261124t021500z-42",
      outcome: report.outcome ?? "started",
    });
    expect(message?.message).toContain("https://github.com/c");
    expect(["start", "finished", "error"].flatMap((name) => sns.messages(name))).toHaveLength(1);
  });

  it("goes nowhere where there is no topic for it, or nothing has begun", async () => {
    const { client, sandbox } = openSandbox();
    const notifier = createSnsNotifier({ client, topics: { ...topics, error: null } });

    expect(await notifier.publish(aReport())).toEqual({ kind: "no-topic" });
    expect(await notifier.publish(aReport({ stage: "waiting", outcome: null }))).toEqual({ kind: "no-topic" });
    expect(sandbox.calls.count()).toEqual({});
  });
});

describe("what goes wrong", () => {
  it.each([
    ["a topic that is not there", { error: arnOf("none") }, { code: "topic-unknown", retryable: false }],
    ["a topic of another account", { error: arnOf("x").replace(account, "333333333333") }, { code: "access-denied" }],
    ["a topic that is no ARN", { error: "none" }, { code: "message-refused", retryable: false }],
  ])("with %s has a code", async (_what, change, expected) => {
    const { client } = openSandbox();
    const notifier = createSnsNotifier({ client, topics: { ...topics, ...change } });

    await expect(notifier.publish(aReport())).rejects.toMatchObject(expected);
  });

  it("for the moment is told as such", async () => {
    const { client, sandbox } = openSandbox();
    const notifier = createSnsNotifier({ client, topics });
    sandbox.faults.add({ kind: "throttle", service: "sns", times: 1 });
    await expect(notifier.publish(aReport())).rejects.toMatchObject({ code: "throttled", retryable: true });
    sandbox.faults.add({ kind: "error-after", service: "sns", times: 1 });
    await expect(notifier.publish(aReport())).rejects.toMatchObject({ code: "unavailable", retryable: true });
  });

  it("ends with its signal", async () => {
    const { client } = openSandbox();

    const publish = createSnsNotifier({ client, topics }).publish(aReport(), { signal: AbortSignal.abort() });
    await expect(publish).rejects.toMatchObject({ code: "unavailable" });
  });
});

const moto = await startMoto();
afterAll(() => moto.stop());

describe.skipIf(moto.kind === "unavailable")(moto.title, () => {
  let client: SNSClient;
  beforeEach(async () => {
    client = new SNSClient(clientConfig({ url: (moto as RunningMoto).url, account }));
    await client.send(new CreateTopicCommand({ Name: "error" }));
  });

  it("takes a report, too, and has no topic that was not made", async () => {
    const notifier = createSnsNotifier({ client, topics });

    expect(await notifier.publish(aReport())).toMatchObject({ kind: "published" });
    const unknown = createSnsNotifier({ client, topics: { ...topics, error: arnOf("none") } }).publish(aReport());
    await expect(unknown).rejects.toMatchObject({ code: "topic-unknown" });
  });
});
