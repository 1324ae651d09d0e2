import { SandboxError } from "../core/sandbox-error.ts";
import { ensureTopic, type SnsMessage, type SnsPlace, topicsOf } from "./sns-state.ts";

/** Direct access to one account's topics in one region. */
export interface SnsAccount {
  /** Returns its ARN; the one that is there where there is one. */
  createTopic(name: string): string;
  /** Names of all topics. */
  topics(): readonly string[];
  /** What was published, oldest first. @throws SandboxError `not-found` */
  messages(name: string): readonly SnsMessage[];
}

export function createSnsAccount(place: SnsPlace): SnsAccount {
  return {
    createTopic: (name) => ensureTopic(place, name).arn,
    topics: () => [...topicsOf(place).keys()].sort(),
    messages(name) {
      const topic = topicsOf(place).get(name);
      if (topic === undefined) throw new SandboxError({ code: "not-found", message: "no such topic", found: name });
      return topic.messages;
    },
  };
}
