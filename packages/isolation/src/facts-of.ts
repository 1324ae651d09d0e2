import type { ReadTemplate, TemplateResource } from "./account-template.ts";
import type { Fact } from "./fact.ts";
import { createSource, type FactSource } from "./fact-source.ts";
import { POLICY_FACTS } from "./facts-of-policies.ts";
import { IDENTITY_FACTS } from "./facts-of-principals.ts";
import { IsolationError } from "./isolation-error.ts";
import { isObject, type JsonObject, listOf } from "./json.ts";
import { resolveText } from "./resolve.ts";
import { PARTS, RESOURCE_TYPES } from "./resource-types.ts";
import type { Place } from "./statement.ts";

/** What a resource says about who may do what. What can not be read is a finding. */
export function factsOf(resource: TemplateResource, template: ReadTemplate): readonly Fact[] {
  const source = createSource(resource, template);
  if (resource.conditional)
    return [asFinding("cannot-resolve", source.place(""), `${resource.type} is there under a condition only`)];
  try {
    const readers = [POLICY_FACTS[resource.type], IDENTITY_FACTS[resource.type]].filter(
      (reader) => reader !== undefined,
    );
    const own = ownFacts(resource, template, source);
    if (readers.length + own.length === 0 && !PARTS.has(resource.type)) return [unknownType(resource, source)];
    return [...own, ...readers.flatMap((read) => read(source))];
  } catch (error) {
    if (!(error instanceof IsolationError)) throw error;
    const code = error.code === "policy-unreadable" ? error.code : "cannot-resolve";
    return [asFinding(code, source.place(""), `${error.message}: ${error.found}`)];
  }
}

/** The resource itself, and the instances that an Auto Scaling group launches. */
function ownFacts(resource: TemplateResource, template: ReadTemplate, source: FactSource): readonly Fact[] {
  const type = RESOURCE_TYPES[resource.type];
  if (type === undefined) return [];
  const arn = source.ownArn();
  const { account } = template;
  const tags = tagsOf(resource, template);
  const shared = {
    account,
    tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
    place: source.place(""),
  };
  const inside = type.inside === undefined ? null : `${arn}${type.inside}`;
  const own: Fact = {
    kind: "resource",
    resource: { ...shared, arn, service: type.service, type: resource.type, inside },
  };
  if (resource.type !== "AWS::AutoScaling::AutoScalingGroup") return [own];
  const passed = Object.fromEntries(tags.filter(({ passedOn }) => passedOn).map(({ key, value }) => [key, value]));
  const instance = {
    ...shared,
    tags: passed,
    arn: source.arn("ec2", "instance/*"),
    service: "ec2",
    type: "AWS::EC2::Instance",
  };
  return [own, { kind: "resource", resource: { ...instance, inside: null } }];
}

interface Tag {
  readonly key: string;
  readonly value: string;
  readonly passedOn: boolean;
}

function tagsOf({ properties, type }: TemplateResource, template: ReadTemplate): readonly Tag[] {
  const nested = listOf(properties["TagSpecifications"]).flatMap((tags) =>
    isObject(tags) ? listOf(tags["Tags"]) : [],
  );
  return (type === "AWS::EC2::LaunchTemplate" ? nested : listOf(properties["Tags"]))
    .filter(isObject)
    .map((tag: JsonObject) => ({
      key: resolveText(tag["Key"], template),
      value: resolveText(tag["Value"], template),
      passedOn: tag["PropagateAtLaunch"] === true,
    }));
}

function unknownType({ type }: TemplateResource, source: FactSource): Fact {
  return asFinding("unknown-type", source.place(""), `${type} is not known here, nor what it lets others do`);
}

const HINTS: Readonly<Record<"cannot-resolve" | "policy-unreadable" | "unknown-type", string>> = {
  "cannot-resolve": "say it in the template, or look at it by hand",
  "policy-unreadable": "write it as a policy document that IAM takes",
  "unknown-type": "look at it by hand, and teach this analysis the type",
};

function asFinding(code: keyof typeof HINTS, place: Place, why: string): Fact {
  return { kind: "finding", finding: { code, ...place, why, hint: HINTS[code] } };
}
