import type { AccountTemplate } from "@windlass/isolation";
import type { Resource, Template } from "./templates.ts";

/** Changes the resources of one stack, which are a copy. */
export type Mutate = (resources: Record<string, Resource>) => void;

/** The templates with one stack changed. */
export function mutate(
  templates: readonly AccountTemplate[],
  stack: string,
  change: Mutate,
): readonly AccountTemplate[] {
  if (!templates.some((template) => template.stack === stack)) throw new Error(`there is no stack ${stack}`);
  return templates.map((template) => {
    if (template.stack !== stack) return template;
    const copy = structuredClone(template.template) as Template;
    change(copy.Resources);
    return { ...template, template: copy };
  });
}

/** Properties of the one resource of this type whose name, whatever the property is called, is this. */
export function find(resources: Record<string, Resource>, type: string, name?: string): Resource["Properties"] {
  const found = Object.values(resources).filter(
    (resource) =>
      resource.Type === type &&
      (name === undefined || Object.values(resource.Properties).some((value) => value === name)),
  );
  const [resource, ...others] = found;
  if (resource === undefined || others.length > 0) throw new Error(`${found.length} of ${type} ${name ?? ""}`);
  return resource.Properties;
}

export function add(resources: Record<string, Resource>, Type: string, Properties: object): void {
  resources[`Planted${Object.keys(resources).length}`] = { Type, Properties };
}

/** Adds a statement to the inline policy of a role. */
export function grant(resources: Record<string, Resource>, role: string, statement: object): void {
  const [policy] = find(resources, "AWS::IAM::Role", role).Policies;
  policy.PolicyDocument.Statement.push({ Effect: "Allow", ...statement });
}

/** Adds a statement to a role's trust. */
export function trust(resources: Record<string, Resource>, role: string, statement: object): void {
  const { AssumeRolePolicyDocument } = find(resources, "AWS::IAM::Role", role);
  AssumeRolePolicyDocument.Statement.push({ Effect: "Allow", Action: "sts:AssumeRole", ...statement });
}

/** The boundary without the statements that are named. */
export function without(resources: Record<string, Resource>, ...sids: readonly string[]): void {
  const { PolicyDocument } = find(resources, "AWS::IAM::ManagedPolicy", "windlass-apply-boundary");
  const kept = PolicyDocument.Statement.filter(({ Sid }: { readonly Sid: string }) => !sids.includes(Sid));
  if (kept.length !== PolicyDocument.Statement.length - sids.length) throw new Error(`no ${sids.join(", ")}`);
  PolicyDocument.Statement = kept;
}

/** The boundary's statement of this name. */
export function boundaryStatement(resources: Record<string, Resource>, sid: string): Resource["Properties"] {
  const { PolicyDocument } = find(resources, "AWS::IAM::ManagedPolicy", "windlass-apply-boundary");
  return PolicyDocument.Statement.find(({ Sid }: { readonly Sid: string }) => Sid === sid);
}
