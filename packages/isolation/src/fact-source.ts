import type { ReadTemplate, TemplateResource } from "./account-template.ts";
import type { Fact } from "./fact.ts";
import { listOf } from "./json.ts";
import { arnOf, resolve, resolveText } from "./resolve.ts";
import type { Place } from "./statement.ts";

/** Reads facts from one resource's properties; each is resolved when it is asked for. */
export type FactReader = (source: FactSource) => readonly Fact[];

export interface FactSource {
  readonly arn: (service: string, rest: string) => string;
  /** The resource's own ARN. */
  readonly ownArn: () => string;
  readonly has: (property: string) => boolean;
  readonly value: (property: string) => unknown;
  readonly text: (property: string) => string;
  readonly texts: (property: string) => readonly string[];
  readonly place: (statement: string) => Place;
}

export function createSource({ logicalId, properties, ...rest }: TemplateResource, template: ReadTemplate): FactSource {
  const { account, region, partition, stack } = template;
  return {
    arn: (service, name) =>
      `arn:${partition}:${service}:${service === "s3" || service === "iam" ? "" : region}:${service === "s3" ? "" : account}:${name}`,
    ownArn: () => arnOf({ logicalId, properties, ...rest }, template),
    has: (property) => properties[property] !== undefined,
    value: (property) => resolve(properties[property], template),
    text: (property) => resolveText(properties[property], template),
    texts: (property) => listOf(properties[property]).map((value) => resolveText(value, template)),
    place: (statement) => ({ account, stack, logicalId, statement }),
  };
}
