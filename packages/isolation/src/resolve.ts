import type { ReadTemplate, TemplateResource } from "./account-template.ts";
import { IsolationError } from "./isolation-error.ts";
import { isObject, type JsonObject } from "./json.ts";
import { RESOURCE_TYPES, type ResourceType } from "./resource-types.ts";

/**
 * A value of a template with its intrinsic functions carried out, as far as that can be done before a deployment: `Ref` and
 * `Fn::GetAtt` of resources in the same template, pseudo parameters, `Fn::Join`, `Fn::Sub`. A parameter is not resolved to
 * its default, since a deployment may give it another value.
 *
 * @throws IsolationError `cannot-resolve`
 */
export function resolve(value: unknown, template: ReadTemplate): unknown {
  if (Array.isArray(value)) return value.map((part) => resolve(part, template)).filter((part) => part !== undefined);
  if (!isObject(value)) return value;
  const [[name, argument] = ["", null], ...others] = Object.entries(value);
  if (others.length === 0 && (name === "Ref" || name.startsWith("Fn::"))) {
    return callFunction(name, argument, template);
  }
  const members = Object.entries(value).map(([key, member]) => [key, resolve(member, template)] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

/** As `resolve`, where a text is wanted. */
export function resolveText(value: unknown, template: ReadTemplate): string {
  const text = resolve(value, template);
  if (typeof text === "string") return text;
  throw unresolved(template, JSON.stringify(value) ?? "nothing");
}

function callFunction(name: string, argument: unknown, template: ReadTemplate): unknown {
  switch (name) {
    case "Ref":
      return argument === "AWS::NoValue" ? undefined : refer(String(argument), template);
    case "Fn::GetAtt":
      return getAttribute(typeof argument === "string" ? argument.split(".") : argument, template);
    case "Fn::Join":
      return join(argument, template);
    case "Fn::Sub":
      return substitute(argument, template);
    default:
      throw unresolved(template, name);
  }
}

function refer(name: string, template: ReadTemplate): string {
  const pseudo = pseudoParameters(template)[name];
  if (pseudo !== undefined) return pseudo;
  const resource = template.resources.get(name);
  const type = resource === undefined ? undefined : RESOURCE_TYPES[resource.type];
  if (resource === undefined || type === undefined) throw unresolved(template, `Ref ${name}`);
  return type.ref === "arn" ? arnOf(resource, template) : nameOf(resource, type, template);
}

function pseudoParameters({ account, region, partition, stack }: ReadTemplate): Readonly<Record<string, string>> {
  return {
    "AWS::AccountId": account,
    "AWS::Region": region,
    "AWS::Partition": partition,
    "AWS::StackName": stack,
    "AWS::URLSuffix": partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com",
  };
}

function getAttribute(argument: unknown, template: ReadTemplate): string {
  const [logicalId, attribute] = Array.isArray(argument) ? argument.map(String) : [];
  const resource = template.resources.get(logicalId ?? "");
  const { arnAttributes = ["Arn"] } = RESOURCE_TYPES[resource?.type ?? ""] ?? { arnAttributes: [] };
  if (resource !== undefined && arnAttributes.includes(attribute ?? "")) return arnOf(resource, template);
  if (resource?.type === "AWS::Logs::LogGroup" && attribute === "Arn") return `${arnOf(resource, template)}:*`;
  throw unresolved(template, `Fn::GetAtt ${logicalId}.${attribute}`);
}

function join(argument: unknown, template: ReadTemplate): string {
  const [separator, list] = Array.isArray(argument) ? argument : [];
  if (typeof separator !== "string" || !Array.isArray(list)) throw unresolved(template, "Fn::Join");
  return list.map((part) => resolveText(part, template)).join(separator);
}

function substitute(argument: unknown, template: ReadTemplate): string {
  const [text, values] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof text !== "string" || !isObject(values)) throw unresolved(template, "Fn::Sub");
  return text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name.startsWith("!")) return `\${${name.slice(1)}}`;
    if (values[name] !== undefined) return resolveText(values[name], template);
    return name.includes(".") ? getAttribute(name.split("."), template) : refer(name, template);
  });
}

/** The resource's ARN. What CloudFormation makes up is made up here, too, so that nothing is without a name. */
export function arnOf(resource: TemplateResource, template: ReadTemplate): string {
  const type = RESOURCE_TYPES[resource.type];
  if (type === undefined) throw unresolved(template, `the ARN of ${resource.type}`);
  const { account, region, partition } = template;
  const { Path: path = "/", GroupName: group = "default" }: JsonObject = resource.properties;
  const parts: Readonly<Record<string, string>> = {
    account,
    region,
    name: nameOf(resource, type, template),
    path: resolveText(path, template),
    group: resolveText(group, template),
  };
  return `arn:${partition}:${type.arn.replaceAll(/\{(\w+)\}/g, (_, part: string) => `${parts[part]}`)}`;
}

function nameOf({ logicalId, properties }: TemplateResource, type: ResourceType, template: ReadTemplate): string {
  const name = type.name === undefined ? undefined : properties[type.name];
  return name === undefined ? `${template.stack}-${logicalId}-Made` : resolveText(name, template);
}

function unresolved({ stack }: ReadTemplate, found: string): IsolationError {
  return new IsolationError({
    code: "cannot-resolve",
    message: "what this will be is known to the deployment alone",
    where: stack,
    expected:
      "text, or Ref, Fn::GetAtt, Fn::Join and Fn::Sub of resources in the same template and of pseudo parameters",
    found,
  });
}
