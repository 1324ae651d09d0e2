import { type ActionContext, AwsFault } from "../core/service.ts";
import { entriesOf, invalidSns, type SnsInput, textOf } from "./sns-input.ts";
import { type Topic, topicsOf } from "./sns-state.ts";

/** Subject, message and attributes together: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const LARGEST_BYTES = 262_144;
const ATTRIBUTE_NAME = /^(?!(?:aws|amazon)\.)(?!\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/i;
const ATTRIBUTE_TYPES = /^(?:String|String\.Array|Number|Binary)(?:\..+)?$/;

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export function publish(input: SnsInput, context: ActionContext): unknown {
  const topic = findTopic(textOf(input, "TopicArn") ?? textOf(input, "TargetArn"), context);
  const message = readMessage(input);
  const subject = readSubject(textOf(input, "Subject"));
  const attributes = readAttributes(entriesOf(input, "MessageAttributes"));
  if (sizeOf([message, subject ?? "", ...Object.entries(attributes).flat()]) > LARGEST_BYTES) {
    throw invalidSns("Message too long");
  }
  const { world, clock } = context;
  const messageId = world.hexId(30).replace(/^(.{8})(.{4})(.{3})(.{3})(.{12})$/, "$1-$2-5$3-8$4-$5");
  topic.messages.push({ messageId, subject: subject ?? null, message, attributes, at: new Date(clock.now()) });
  return { MessageId: messageId };
}

/** Another account's topic needs a policy of its own, which the sandbox has not: it is refused. */
function findTopic(arn: string | undefined, { caller, world, clock }: ActionContext): Topic {
  const [, region, account, name] = /^arn:aws[\w-]*:sns:([a-z0-9-]+):(\d{12}):([\w.-]{1,256})$/.exec(arn ?? "") ?? [];
  if (region === undefined || account === undefined || name === undefined) {
    throw invalidSns("TopicArn Reason: An ARN must have at least 6 elements");
  }
  if (account !== caller.account) {
    const text = `User: ${caller.arn} is not authorized to perform: SNS:Publish on resource: ${arn}`;
    throw new AwsFault("AuthorizationError", text, { status: 403 });
  }
  const topic = topicsOf({ world, clock, account, region }).get(name);
  if (topic === undefined) throw new AwsFault("NotFound", "Topic does not exist", { status: 404 });
  return topic;
}

function readMessage(input: SnsInput): string {
  const message = textOf(input, "Message") ?? "";
  if (message === "") throw invalidSns("Empty message");
  const structure = textOf(input, "MessageStructure");
  if (structure === undefined) return message;
  if (structure !== "json") throw invalidSns("MessageStructure");
  return readDefault(message);
}

/** With `json`, what subscribers get who have no text of their own. */
function readDefault(message: string): string {
  try {
    const value: unknown = JSON.parse(message);
    if (typeof value === "object" && value !== null && "default" in value && typeof value.default === "string") {
      return value.default;
    }
  } catch {
    throw invalidSns("Message Structure - JSON message body failed to parse");
  }
  throw invalidSns("Message Structure - No default entry in JSON message body");
}

/** "ASCII text that begins with a letter, number, or punctuation mark; must not include line breaks or control characters". */
function readSubject(subject: string | undefined): string | undefined {
  if (subject === undefined) return undefined;
  const legal = subject.length <= 100 && /^[\x21-\x7e][\x20-\x7e]*$/.test(subject);
  if (!legal) throw invalidSns("Subject");
  return subject;
}

function readAttributes(entries: readonly unknown[]): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.map((entry) => readAttribute(entry as AttributeEntry)));
}

interface AttributeEntry {
  readonly Name?: unknown;
  readonly Value?: Readonly<Record<string, unknown>>;
}

function readAttribute({ Name: name, Value: value = {} }: AttributeEntry): readonly [string, string] {
  const { DataType: type, StringValue: text, BinaryValue: binary } = value;
  if (typeof name !== "string" || !ATTRIBUTE_NAME.test(name)) throw invalidValue(`name '${String(name)}' is invalid`);
  if (typeof type !== "string" || !ATTRIBUTE_TYPES.test(type)) throw invalidValue(`'${name}' has no valid type`);
  const found = type.startsWith("Binary") ? binary : text;
  if (typeof found !== "string" || found === "") throw invalidValue(`'${name}' must contain a non-empty value`);
  if (type.startsWith("Number") && Number.isNaN(Number(found))) throw invalidValue(`'${name}' is not a number`);
  return [name, found];
}

function invalidValue(what: string): AwsFault {
  return new AwsFault("ParameterValueInvalid", `The message attribute ${what}.`);
}

function sizeOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
