import type { Fact } from "./fact.ts";
import type { FactReader, FactSource } from "./fact-source.ts";
import { isObject, listOf } from "./json.ts";
import { parsePolicy } from "./parse-policy.ts";

/** Types that say what principals may do. */
export const IDENTITY_FACTS: Readonly<Record<string, FactReader>> = {
  "AWS::IAM::Role": readPrincipal,
  "AWS::IAM::User": readPrincipal,
  "AWS::IAM::Policy": (source) => [grant(source, attachedTo(source))],
  "AWS::IAM::RolePolicy": (source) => [grant(source, [source.arn("iam", `role/${source.text("RoleName")}`)])],
  "AWS::IAM::ManagedPolicy": (source) => {
    const statements = parsePolicy(source.value("PolicyDocument"), source.place("PolicyDocument"));
    return [
      { kind: "managed-policy", arn: source.ownArn(), statements },
      { kind: "grant", principals: attachedTo(source), statements },
    ];
  },
};

function readPrincipal(source: FactSource): readonly Fact[] {
  const arn = source.ownArn();
  const inline = listOf(source.value("Policies")).filter(isObject);
  const grants = inline.map((policy): Fact => {
    const place = source.place(`Policies ${String(policy["PolicyName"])}`);
    return { kind: "grant", principals: [arn], statements: parsePolicy(policy["PolicyDocument"], place) };
  });
  const boundary = source.has("PermissionsBoundary") ? source.text("PermissionsBoundary") : null;
  const policies = source.texts("ManagedPolicyArns");
  return [{ kind: "principal", arn, policies, boundary, place: source.place("") }, ...grants];
}

function grant(source: FactSource, principals: readonly string[]): Fact {
  return {
    kind: "grant",
    principals,
    statements: parsePolicy(source.value("PolicyDocument"), source.place("PolicyDocument")),
  };
}

/** By name, which has no path in it: it stands for the principal of that name whatever its path. */
function attachedTo(source: FactSource): readonly string[] {
  return [
    ...source.texts("Roles").map((name) => source.arn("iam", `role/${name}`)),
    ...source.texts("Users").map((name) => source.arn("iam", `user/${name}`)),
  ];
}
