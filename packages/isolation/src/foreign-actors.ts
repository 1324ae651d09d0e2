import { exactly, type Possible } from "./possible.ts";
import type { Actor, Context } from "./request.ts";
import { namedBy, type Statement } from "./statement.ts";
import type { Account, World } from "./world.ts";

/** Somebody of another account, and what a request of theirs says of them. */
export interface Foreigner {
  /** How it is named in tables. */
  readonly name: string;
  readonly actor: Actor;
  readonly context: Context;
  /** The account is one of the mapping's. */
  readonly known: boolean;
}

/** Of nobody: what it may do, everybody may. */
const STRANGER = "000000000000";

/**
 * Everybody whom an account must not let in: each principal of the other accounts, everybody else in them, their roots, an
 * account that no template is of, whoever has no credentials, and the services that the account lets in, on behalf of
 * those accounts. All of them may be what a policy asks for, where a policy asks for what is not known here.
 */
export function foreignersOf(account: Account, world: World): readonly Foreigner[] {
  const statements = account.resources.flatMap(({ policy }) => policy);
  const others = world.accounts.filter(({ id }) => id !== account.id);
  const knownIds = others.map(({ id }) => id);
  const ids = [...new Set([...knownIds, ...accountsIn(statements), STRANGER])].filter((id) => id !== account.id);
  const arns = [...others.flatMap(({ principals }) => principals.map(({ arn }) => arn)), ...arnsIn(statements)];
  const { partition } = account;
  return [
    ...ids.flatMap((id) => principalsOf(id, { arns, known: knownIds.includes(id), partition })),
    ...servicesIn(statements).flatMap((service) => ids.map((id) => serviceFor(service, id, knownIds.includes(id)))),
    { name: "anonymous", actor: { kind: "anonymous" }, context: ANONYMOUS, known: false },
  ];
}

interface PrincipalsOptions {
  readonly arns: readonly string[];
  readonly known: boolean;
  readonly partition: string;
}

function principalsOf(id: string, { arns, known, partition }: PrincipalsOptions): readonly Foreigner[] {
  const root = `arn:${partition}:iam::${id}:root`;
  const own = [...new Set([...arns.filter((arn) => arn.includes(`:iam::${id}:`)), root])].sort();
  const anyOther: Possible = { pattern: `arn:${partition}:iam::${id}:*`, except: own };
  const all = [...own.map((arn) => [arn, exactly(arn)] as const), [`any other of ${id}`, anyOther] as const];
  return all.map(([name, arn]) => ({
    name,
    actor: { kind: "principal", account: id, arn },
    context: {
      ...DIRECT,
      "aws:principalarn": [arn],
      "aws:principalaccount": [exactly(id)],
      "kms:calleraccount": [exactly(id)],
    },
    known,
  }));
}

/**
 * A service says for whom it acts: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 * The ARN of a bucket says nothing of whose it is.
 */
function serviceFor(service: string, id: string, known: boolean): Foreigner {
  const sources = [`arn:*:*:*:${id}:*`, "arn:*:s3:::*"].map((pattern) => ({ pattern, except: [] }));
  const context: Context = {
    "aws:sourceaccount": [exactly(id)],
    "aws:sourcearn": sources,
    "aws:principalarn": null,
    "aws:principalaccount": null,
    "aws:principalorgid": null,
  };
  return { name: `${service} for ${id}`, actor: { kind: "service", service }, context, known };
}

/** A principal that calls by itself has none of what a service says. */
const DIRECT: Context = { "aws:sourceaccount": null, "aws:sourcearn": null };

const ANONYMOUS: Context = {
  ...DIRECT,
  "aws:principalarn": null,
  "aws:principalaccount": null,
  "aws:principalorgid": null,
  "aws:principalorgpaths": null,
};

/** Whatever a policy says of principals, as an element or as a condition. */
function namesIn(statement: Statement): readonly string[] {
  return [...namedBy(statement).map(({ value }) => value), ...statement.conditions.flatMap(({ values }) => values)];
}

function accountsIn(statements: readonly Statement[]): readonly string[] {
  const names = statements.flatMap(namesIn);
  return names.flatMap((name) => [...name.matchAll(/(?<!\d)\d{12}(?!\d)/g)].map(([id]) => id));
}

function arnsIn(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap(namesIn).filter((name) => /^arn:[^*?$]*:iam::\d{12}:[^*?$]+$/.test(name));
}

function servicesIn(statements: readonly Statement[]): readonly string[] {
  const patterns = statements.flatMap(namedBy);
  return [...new Set(patterns.filter(({ type }) => type === "Service").map(({ value }) => value))].sort();
}
