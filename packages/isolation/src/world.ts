import type { StackRole } from "./account-template.ts";
import type { Finding } from "./finding.ts";
import type { Place, Statement } from "./statement.ts";

/** A role or a user. */
export interface Principal {
  readonly account: string;
  readonly arn: string;
  readonly identity: Rights;
  /** Null where it has no permissions boundary, or one that is in no template. */
  readonly boundary: Boundary | null;
  readonly place: Place;
}

/** The policy that is a principal's permissions boundary. */
export interface Boundary {
  readonly arn: string;
  readonly statements: readonly Statement[];
}

/** What policies say; null where nobody can know, so that everything must be expected. */
export type Rights = readonly Statement[] | null;

/** Something that actions can be performed on. */
export interface Resource {
  readonly account: string;
  readonly arn: string;
  /** Prefix of its actions. */
  readonly service: string;
  readonly type: string;
  /** What else it is asked by: `<arn>/*` for objects of a bucket. */
  readonly inside: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** What its own policies say of who may do what with it. */
  readonly policy: readonly Statement[];
  readonly place: Place;
}

/** An account, as its templates make it. */
export interface Account {
  readonly id: string;
  readonly partition: string;
  readonly roles: readonly StackRole[];
  readonly regions: readonly string[];
  readonly stacks: readonly string[];
  readonly principals: readonly Principal[];
  readonly resources: readonly Resource[];
}

export interface World {
  readonly accounts: readonly Account[];
  /** What could not be read. */
  readonly findings: readonly Finding[];
}

export function isPipeline({ roles }: Account): boolean {
  return roles.some(({ kind }) => kind === "pipeline");
}

/** `the pipeline`, or `production`. */
export function nameAccount({ roles, id }: Account): string {
  const names = roles.map((role) => (role.kind === "pipeline" ? "the pipeline" : role.area));
  return `${[...new Set(names)].join(" and ")} (${id})`;
}
