import { matchCondition } from "./match-condition.ts";
import { matchPrincipal } from "./match-principal.ts";
import { AS_RESOURCE, type Comparison, matchAny, type Possible } from "./possible.ts";
import type { Selection, Statement } from "./statement.ts";
import { allOf, negate, type Verdict } from "./verdict.ts";

/** Who asks. */
export type Actor =
  /** A principal of an account: a role, a user, its root, or any of several. */
  | { readonly kind: "principal"; readonly account: string; readonly arn: Possible }
  /** A service of AWS; on whose behalf, its request says. */
  | { readonly kind: "service"; readonly service: string }
  /** Whoever has no credentials. */
  | { readonly kind: "anonymous" };

/** Keys of conditions, in lower case: what each may be; null where the request has no such key. A key that is missing may be anything. */
export type Context = Readonly<Record<string, readonly Possible[] | null>>;

/** A call, or many calls at once: each part may be a pattern. */
export interface Request {
  readonly actor: Actor;
  /** In lower case. */
  readonly action: Possible;
  readonly resource: Possible;
  readonly context: Context;
}

export type Decision =
  /** Some of it may be allowed, by this statement. */
  | { readonly kind: "allowed"; readonly by: Statement }
  /** All of it is denied, by this statement. */
  | { readonly kind: "denied"; readonly by: Statement }
  /** No statement allows any of it. */
  | { readonly kind: "silent" };

/**
 * What statements say to a request. An Allow counts where any part of the request might fulfil it, a Deny only where all
 * of the request surely does: what is not known never makes a request look forbidden.
 *
 * A Deny wins: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(statements: readonly Statement[], request: Request): Decision {
  const deny = statements.find((one) => one.effect === "Deny" && matchStatement(one, request) === "yes");
  if (deny !== undefined) return { kind: "denied", by: deny };
  const allow = statements.find((one) => one.effect === "Allow" && matchStatement(one, request) !== "no");
  return allow === undefined ? { kind: "silent" } : { kind: "allowed", by: allow };
}

/** What most statements fail by comes first: there are many requests. */
function matchStatement(statement: Statement, { actor, action, resource, context }: Request): Verdict {
  const whom = statement.principals === null ? "yes" : matchPrincipal(statement.principals, actor);
  if (whom === "no") return "no";
  const what = matchSelection(statement.actions, action);
  if (what === "no") return "no";
  const conditions = statement.conditions.map((condition) => matchCondition(condition, context));
  return allOf([whom, what, matchSelection(statement.resources, resource, AS_RESOURCE), ...conditions]);
}

function matchSelection({ negated, patterns }: Selection<string>, value: Possible, comparison?: Comparison): Verdict {
  const verdict = matchAny(patterns, value, comparison);
  return negated ? negate(verdict) : verdict;
}
