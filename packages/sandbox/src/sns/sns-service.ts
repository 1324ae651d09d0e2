import { type ActionContext, AwsFault, type Service } from "../core/service.ts";
import { publish } from "./publish.ts";
import { entriesOf, invalidSns, type SnsInput, textOf } from "./sns-input.ts";
import { ensureTopic, topicArn, topicsOf } from "./sns-state.ts";

/** Amazon SNS: standard topics and what is published to them. Nobody subscribes: what they would get can be read. */
export const snsService: Service = {
  name: "sns",
  protocol: "query",
  xmlNamespace: "http://sns.amazonaws.com/doc/2010-03-31/",
  version: "2010-03-31",
  throttling: { code: "Throttled", status: 429, message: "Rate exceeded" },
  actions: {
    CreateTopic: createTopic,
    DeleteTopic: deleteTopic,
    GetTopicAttributes: getTopicAttributes,
    ListTopics: listTopics,
    Publish: publish,
  },
};

const TOPIC_NAME = /^[A-Za-z0-9_-]{1,256}$/;
const PAGE = 100;

/** https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
function createTopic(input: SnsInput, context: ActionContext): unknown {
  const name = textOf(input, "Name") ?? "";
  if (name.endsWith(".fifo")) throw invalidSns("Topic Name: the sandbox has no FIFO topics");
  if (!TOPIC_NAME.test(name)) throw invalidSns("Topic Name");
  // They are not kept, but what is none is refused all the same.
  for (const attribute of entriesOf(input, "Attributes")) textOf(attribute as SnsInput, "value");
  return { TopicArn: ensureTopic(placeOf(context), name).arn };
}

/** https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html: no error where it is not there. */
function deleteTopic(input: SnsInput, context: ActionContext): undefined {
  const arn = textOf(input, "TopicArn") ?? "";
  const topics = topicsOf(placeOf(context));
  for (const [name, topic] of topics) if (topic.arn === arn) topics.delete(name);
}

/** https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html: of its attributes, the one that names it. */
function getTopicAttributes(input: SnsInput, context: ActionContext): unknown {
  const arn = textOf(input, "TopicArn") ?? "";
  const topic = [...topicsOf(placeOf(context)).values()].find((one) => one.arn === arn);
  if (topic === undefined) throw new AwsFault("NotFound", "Topic does not exist", { status: 404 });
  return { Attributes: { entry: { key: "TopicArn", value: topic.arn } } };
}

/** https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html: 100 a page. */
function listTopics(input: SnsInput, context: ActionContext): unknown {
  const place = placeOf(context);
  const names = [...topicsOf(place).keys()].sort();
  const token = textOf(input, "NextToken");
  const from = token === undefined ? 0 : names.findIndex((name) => name > token);
  const page = from < 0 ? [] : names.slice(from, from + PAGE);
  const last = page.at(-1);
  const hasMore = last !== undefined && last !== names.at(-1);
  return {
    Topics: page.map((name) => ({ TopicArn: topicArn(place, name) })),
    NextToken: hasMore ? last : undefined,
  };
}

function placeOf({ world, clock, caller, region }: ActionContext) {
  return { world, clock, region, account: caller.account };
}
