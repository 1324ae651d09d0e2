import { AS_ARN, matchPattern } from "./possible.ts";
import type { Actor } from "./request.ts";
import type { PrincipalPattern, Selection } from "./statement.ts";
import { anyOf, negate, type Verdict } from "./verdict.ts";

/**
 * Whether a `Principal` names who asks. An account, by number or root, stands for all its principals:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * In `NotPrincipal` it does not for sure.
 */
export function matchPrincipal({ negated, patterns }: Selection<PrincipalPattern>, actor: Actor): Verdict {
  const verdicts = patterns.map((pattern) => matchOne(pattern, actor));
  if (!negated) return anyOf(verdicts);
  return negate(anyOf(verdicts.map((verdict, index) => (isExact(patterns[index], actor) ? verdict : soften(verdict)))));
}

function matchOne({ type, value }: PrincipalPattern, actor: Actor): Verdict {
  if (type === "AWS" && value === "*") return "yes";
  switch (actor.kind) {
    case "anonymous":
      return "no";
    case "service":
      return type === "Service" ? matchPattern(value, { pattern: actor.service, except: [] }) : "no";
    case "principal":
      return type === "AWS" ? matchArn(value, actor) : matchOther(type);
  }
}

/** Nobody can tell whose a canonical user is. Whom a federation lets in is looked at elsewhere. */
function matchOther(type: string): Verdict {
  return type === "CanonicalUser" ? "maybe" : "no";
}

function matchArn(value: string, { account, arn }: Actor & { readonly kind: "principal" }): Verdict {
  if (isAccount(value, account)) return "yes";
  const [, partition, owner, role] = /^arn:([^:]*):sts::([^:]*):assumed-role\/([^/]*)\//.exec(value) ?? [];
  // One session of a role; which one asks is not known.
  if (role !== undefined) return soften(matchPattern(`arn:${partition}:iam::${owner}:role/${role}`, arn));
  return matchPattern(value, arn, AS_ARN);
}

function isAccount(value: string, account: string): boolean {
  return value === account || (value.startsWith("arn:") && value.endsWith(`:iam::${account}:root`));
}

function soften(verdict: Verdict): Verdict {
  return verdict === "yes" ? "maybe" : verdict;
}

function isExact(pattern: PrincipalPattern | undefined, actor: Actor): boolean {
  return actor.kind !== "principal" || pattern?.value === "*" || pattern?.value === actor.arn.pattern;
}
