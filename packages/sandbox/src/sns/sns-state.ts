import type { SandboxClock } from "../core/clock.ts";
import { type StateKey, stateKey, type World } from "../core/world.ts";

/** What one subscriber would have received. */
export interface SnsMessage {
  readonly messageId: string;
  readonly subject: string | null;
  readonly message: string;
  /** Values of all types as text. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly at: Date;
}

export interface Topic {
  readonly arn: string;
  readonly messages: SnsMessage[];
}

/** One account's topics in one region. */
export interface SnsPlace {
  readonly world: World;
  readonly clock: SandboxClock;
  readonly account: string;
  readonly region: string;
}

const topicsKey: StateKey<Map<string, Topic>> = stateKey("sns.topics");

/** By name. */
export function topicsOf({ world, account, region }: SnsPlace): Map<string, Topic> {
  return world.state(topicsKey, account, region, () => new Map());
}

export function topicArn({ account, region }: SnsPlace, name: string): string {
  return `arn:aws:sns:${region}:${account}:${name}`;
}

/** Makes the topic, or gives the one that is there. */
export function ensureTopic(place: SnsPlace, name: string): Topic {
  const topics = topicsOf(place);
  const topic = topics.get(name) ?? { arn: topicArn(place, name), messages: [] };
  topics.set(name, topic);
  return topic;
}
