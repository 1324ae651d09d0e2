import { IsolationError } from "./isolation-error.ts";
import { isObject, type JsonObject } from "./json.ts";

/** What a stack is for. */
export type StackRole =
  /** The account that builds and keeps the images. */
  | { readonly kind: "pipeline" }
  /** A target account. */
  | { readonly kind: "area"; readonly area: string };

/** One synthesized CloudFormation template, and where it is deployed. */
export interface AccountTemplate {
  readonly account: string;
  readonly region: string;
  /** The stack's name, which CloudFormation makes names from. */
  readonly stack: string;
  readonly role: StackRole;
  /** The template, as parsed JSON. */
  readonly template: unknown;
}

export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  /** It is there under a condition only, which nobody knows before the deployment. */
  readonly conditional: boolean;
}

/** A template with its resources read. */
export interface ReadTemplate extends Omit<AccountTemplate, "template"> {
  readonly partition: string;
  readonly resources: ReadonlyMap<string, TemplateResource>;
}

/** Throws `IsolationError` `template-unreadable`. */
export function readTemplate({ template, ...place }: AccountTemplate): ReadTemplate {
  const resources = isObject(template) ? template["Resources"] : undefined;
  if (!isObject(resources)) throw unreadable(place.stack, "no Resources");
  const entries = Object.entries(resources).map(([logicalId, resource]) => {
    const type = isObject(resource) ? resource["Type"] : undefined;
    if (!isObject(resource) || typeof type !== "string") throw unreadable(place.stack, `${logicalId} without Type`);
    const properties = isObject(resource["Properties"]) ? resource["Properties"] : {};
    return [logicalId, { logicalId, type, properties, conditional: resource["Condition"] !== undefined }] as const;
  });
  return { ...place, partition: partitionOf(place.region), resources: new Map(entries) };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

function unreadable(where: string, found: string): IsolationError {
  return new IsolationError({
    code: "template-unreadable",
    message: "this is no CloudFormation template",
    where,
    expected: "an object with Resources, each with its Type",
    found,
  });
}
