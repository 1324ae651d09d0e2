import {
  CreateTopicCommand,
  DeleteTopicCommand,
  ListTopicsCommand,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
} from "@aws-sdk/client-sns";
import { clientConfig, type RunningMoto, startMoto } from "@windlass/moto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createSandbox, type Sandbox, virtualClock } from "../src/index.ts";
import { production, scratch } from "./ways-in.ts";

const moto = await startMoto();
afterAll(() => moto.stop());

interface Opened {
  readonly sns: SNSClient;
  readonly other: SNSClient;
}

function openSandbox(sandbox: Sandbox): Opened {
  const client = (account: string) => new SNSClient({ ...sandbox.clientConfig({ account }), maxAttempts: 1 });
  return { sns: client(scratch), other: client(production) };
}

function openMoto({ url }: RunningMoto): Opened {
  const client = (account: string) => new SNSClient(clientConfig({ url, account }));
  return { sns: client(scratch), other: client(production) };
}

const worlds = [
  { title: "the sandbox", missing: false, open: () => openSandbox(createSandbox()) },
  { title: moto.title, missing: moto.kind === "unavailable", open: () => openMoto(moto as RunningMoto) },
];

describe.each(worlds)("SNS as $title has it", ({ missing, open }) => {
  describe.skipIf(missing)("a topic", () => {
    let opened: Opened;
    let TopicArn: string;
    beforeEach(async () => {
      opened = open();
      const made = await opened.sns.send(new CreateTopicCommand({ Name: "windlass-error" }));
      TopicArn = made.TopicArn ?? "";
    });

    it("is made once, and listed", async () => {
      const again = await opened.sns.send(new CreateTopicCommand({ Name: "windlass-error" }));
      const { Topics } = await opened.sns.send(new ListTopicsCommand({}));

      expect(again.TopicArn).toBe(TopicArn);
      expect(TopicArn).toBe(`arn:aws:sns:ap-southeast-2:${scratch}:windlass-error`);
      expect(Topics).toContainEqual({ TopicArn });
    });

    it("takes a message with a subject and attributes", async () => {
      const { MessageId } = await opened.sns.send(
        new PublishCommand({
          TopicArn,
          Subject: "Failed to deploy dga-web in Production #cc83ec5",
          Message: "the error",
          MessageAttributes: { image: { DataType: "String", StringValue: "dga-web" } },
        }),
      );

      expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
    });

    it("refuses a subject over 100 characters", async () => {
      const publish = opened.sns.send(new PublishCommand({ TopicArn, Subject: "x".repeat(101), Message: "m" }));

      await expect(publish).rejects.toMatchObject({ name: "InvalidParameterException" });
    });

    it("is not found once it is deleted", async () => {
      await opened.sns.send(new DeleteTopicCommand({ TopicArn }));

      const publish = opened.sns.send(new PublishCommand({ TopicArn, Message: "m" }));
      await expect(publish).rejects.toMatchObject({ name: "NotFoundException" });
    });
  });
});

describe("SNS, stricter than others", () => {
  const clock = virtualClock(Date.UTC(2026, 10, 24, 9));
  const sandbox = createSandbox({ clock });
  const { sns, other } = openSandbox(sandbox);
  const topics = sandbox.account(scratch).sns();
  const TopicArn = topics.createTopic("windlass-finished");
  const publish = (input: Partial<PublishCommandInput>) =>
    sns.send(new PublishCommand({ TopicArn, Message: "m", ...input }));

  it("keeps what was published to be read", async () => {
    await publish({
      Subject: "Deployed",
      MessageAttributes: { outcome: { DataType: "String", StringValue: "succeeded" } },
    });
    await publish({ Message: '{"default":"for all"}', MessageStructure: "json" });

    expect(topics.messages("windlass-finished")).toMatchObject([
      { subject: "Deployed", message: "m", attributes: { outcome: "succeeded" }, at: new Date(clock.now()) },
      { subject: null, message: "for all", attributes: {} },
    ]);
    expect(topics.topics()).toEqual(["windlass-finished"]);
    expect(() => topics.messages("none")).toThrow("no such topic");
  });

  it.each<[string, Partial<PublishCommandInput>]>([
    ["a subject with a line break", { Subject: "one\ntwo" }],
    ["a subject with a control character", { Subject: "a\u0007b" }],
    ["a subject that begins with a space", { Subject: " a" }],
    ["a subject that is not ASCII", { Subject: "Größe" }],
    ["an empty message", { Message: "" }],
    ["a message that is too long", { Message: "x".repeat(262_145) }],
    ["JSON that is none", { Message: "{", MessageStructure: "json" }],
    ["JSON without a default", { Message: "{}", MessageStructure: "json" }],
    ["another structure", { MessageStructure: "xml" }],
    ["a topic that is no ARN", { TopicArn: "windlass-finished" }],
  ])("refuses %s", async (_what, input) => {
    await expect(publish(input)).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it.each([
    ["an attribute without a value", { a: { DataType: "String", StringValue: "" } }],
    ["an attribute without a type", { a: { DataType: "Text", StringValue: "b" } }],
    ["a number that is none", { a: { DataType: "Number", StringValue: "b" } }],
    ["a name that is reserved", { "AWS.a": { DataType: "String", StringValue: "b" } }],
  ])("refuses %s", async (_what, MessageAttributes) => {
    await expect(publish({ MessageAttributes })).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  });

  it("refuses another account's topic, which has no policy", async () => {
    const foreign = other.send(new PublishCommand({ TopicArn, Message: "m" }));

    await expect(foreign).rejects.toMatchObject({ name: "AuthorizationErrorException" });
  });

  it("has no FIFO topics, and says so", async () => {
    const made = sns.send(new CreateTopicCommand({ Name: "a.fifo" }));
    await expect(made).rejects.toThrow("no FIFO topics");
    await expect(sns.send(new CreateTopicCommand({ Name: "a b" }))).rejects.toThrow("Topic Name");
  });

  it("gives each of 5,000 messages an id of its own", async () => {
    const ids = new Set<string | undefined>();
    for (let message = 0; message < 5_000; message += 1) {
      ids.add((await sns.send(new PublishCommand({ TopicArn, Message: "m" }))).MessageId);
    }

    expect(ids.size).toBe(5_000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  }, 120_000);

  it("lists topics by the hundred", async () => {
    const many = createSandbox();
    const names = Array.from({ length: 150 }, (_, index) => `t-${String(index).padStart(3, "0")}`);
    for (const name of names) many.account(scratch).sns().createTopic(name);
    const client = openSandbox(many).sns;

    const first = await client.send(new ListTopicsCommand({}));
    const second = await client.send(new ListTopicsCommand({ NextToken: first.NextToken }));

    expect(first.Topics).toHaveLength(100);
    expect([...(first.Topics ?? []), ...(second.Topics ?? [])].map(({ TopicArn: arn }) => arn?.split(":")[5])).toEqual(
      names,
    );
    expect(second.NextToken).toBeUndefined();
  });
});
