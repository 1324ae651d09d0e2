import { type AccountTemplate, type ReadTemplate, readTemplate } from "./account-template.ts";
import type { Fact } from "./fact.ts";
import { factsOf } from "./facts-of.ts";
import { arnParts } from "./glob.ts";
import { groupBy } from "./group-by.ts";
import type { Account, Principal, Resource, Rights, World } from "./world.ts";

/** Puts together what all templates say. Throws `IsolationError` `template-unreadable`. */
export function collectWorld(templates: readonly AccountTemplate[]): World {
  const stacks = templates.map((template) => {
    const read = readTemplate(template);
    return { read, facts: [...read.resources.values()].flatMap((resource) => factsOf(resource, read)) };
  });
  const accounts = [...groupBy(stacks, ({ read }) => read.account)].map(([id, own]) =>
    buildAccount(
      id,
      own.map(({ read }) => read),
      own.flatMap(({ facts }) => facts),
    ),
  );
  const facts = stacks.flatMap((stack) => stack.facts);
  return { accounts, findings: ofKind(facts, "finding").map(({ finding }) => finding) };
}

function buildAccount(id: string, templates: readonly ReadTemplate[], facts: readonly Fact[]): Account {
  return {
    id,
    partition: `${templates[0]?.partition}`,
    roles: templates.map(({ role }) => role),
    regions: [...new Set(templates.map(({ region }) => region))],
    stacks: templates.map(({ stack }) => stack),
    principals: ofKind(facts, "principal").map((principal) => buildPrincipal(principal, facts)),
    resources: buildResources(facts),
  };
}

type FactOf<Kind extends Fact["kind"]> = Fact & { readonly kind: Kind };

function ofKind<Kind extends Fact["kind"]>(facts: readonly Fact[], kind: Kind): readonly FactOf<Kind>[] {
  return facts.filter((fact): fact is FactOf<Kind> => fact.kind === kind);
}

function buildPrincipal({ arn, policies, boundary, place }: FactOf<"principal">, facts: readonly Fact[]): Principal {
  const managed = new Map(ofKind(facts, "managed-policy").map((policy) => [policy.arn, policy.statements] as const));
  const grants = ofKind(facts, "grant").filter(({ principals }) => principals.some((other) => isSame(other, arn)));
  const attached = policies.map((policy) => managed.get(policy));
  const known = attached.filter((statements) => statements !== undefined);
  const bounds = boundary === null ? undefined : managed.get(boundary);
  const identity: Rights =
    known.length < attached.length ? null : [...known.flat(), ...grants.flatMap(({ statements }) => statements)];
  return {
    account: place.account,
    arn,
    identity,
    boundary: boundary === null || bounds === undefined ? null : { arn: boundary, statements: bounds },
    place,
  };
}

/** A principal's name, which is unique whatever its path. */
function isSame(one: string, other: string): boolean {
  const pattern = /\/.*(?=\/)/;
  return one.replace(pattern, "") === other.replace(pattern, "");
}

/** Those of the templates, and those that policies are attached to without being in one. */
function buildResources(facts: readonly Fact[]): readonly Resource[] {
  const policies = ofKind(facts, "resource-policy");
  const known = ofKind(facts, "resource").map(({ resource }) => resource);
  const missing = policies.filter(({ target }) => !known.some(({ arn }) => arn === target));
  const others = [...new Map(missing.map((policy) => [policy.target, policy])).values()].map(({ target, place }) => {
    const service = `${arnParts(target)[2]}`;
    return { account: place.account, arn: target, service, type: "other", inside: null, tags: {}, place };
  });
  return [...known, ...others].map((resource) => ({
    ...resource,
    policy: policies.filter(({ target }) => target === resource.arn).flatMap(({ statements }) => statements),
  }));
}
