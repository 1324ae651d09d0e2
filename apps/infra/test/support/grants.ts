import type { RecordedCall } from "./recorded-calls.ts";
import { roleNamed, type Template } from "./templates.ts";

/** One action on one pattern of resources that a role's policy allows. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: Intrinsic | readonly Intrinsic[];
}

type Intrinsic =
  | string
  | {
      readonly "Fn::GetAtt"?: readonly string[];
      readonly Ref?: string;
      readonly "Fn::Join"?: readonly [string, readonly Intrinsic[]];
    };

/** Everything that the policies of one of an area's roles allow. */
export function grantsOf(template: Template | undefined, role: string): readonly Grant[] {
  const { Policies } = roleNamed(template, role).Properties;
  const statements: readonly Statement[] = Policies.flatMap(
    (policy: { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }) =>
      policy.PolicyDocument.Statement,
  );
  return statements.flatMap(({ Effect, Action, Resource }) => {
    if (Effect !== "Allow") throw new Error(`${role} has a statement that does not allow`);
    return [Action]
      .flat()
      .flatMap((action) =>
        [Resource].flat().map((resource) => ({ action, resource: fill(resource as Intrinsic, template) })),
      );
  });
}

/** Topics and log groups are the only resources of the stack that policies of its roles refer to. */
function fill(value: Intrinsic, template: Template | undefined): string {
  if (typeof value === "string") return value;
  const { Ref: ref, "Fn::GetAtt": [attribute] = [], "Fn::Join": joined } = value;
  if (joined !== undefined) return joined[1].map((part) => fill(part, template)).join(joined[0]);
  if (ref === "AWS::Partition") return "aws";
  const { Type = "", Properties = {} } = template?.Resources[ref ?? attribute ?? ""] ?? {};
  if (Type === "AWS::SNS::Topic") return `arn:aws:sns:*:*:${Properties.TopicName}`;
  if (Type === "AWS::Logs::LogGroup") return `arn:aws:logs:*:*:log-group:${Properties.LogGroupName}:*`;
  throw new Error(`nobody knows what ${JSON.stringify(value)} is`);
}

export function covers({ action, resource }: Grant, call: RecordedCall): boolean {
  const pattern = resource
    .replaceAll(/[.\\^$+()[\]{}|]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return action === call.action && new RegExp(`^${pattern}$`).test(call.resource);
}

export function describeCall({ action, resource }: Grant | RecordedCall): string {
  return `${action} ${resource}`;
}
