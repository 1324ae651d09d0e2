import { covers, hasWildcard, overlaps } from "./glob.ts";
import { AS_ARN, type Comparison, matchAny, type Possible } from "./possible.ts";
import type { Context } from "./request.ts";
import type { Condition } from "./statement.ts";
import { negate, type Verdict } from "./verdict.ts";

/**
 * Whether a request fulfils a condition. `maybe` for every operator and key that is not known here:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function matchCondition(condition: Condition, context: Context): Verdict {
  const { operator, key, values, ofMany, ifExists } = condition;
  const found = context[key];
  if (found === undefined || ofMany) return "maybe";
  if (operator === "null") return matchNull(values, found !== null);
  const known = OPERATORS[operator];
  if (known === undefined) return "maybe";
  // Without the key, a condition that says what something is not is fulfilled.
  if (found === null) return ifExists || known.negated ? "yes" : "no";
  const verdict = matchAll(known, values, found);
  return known.negated ? negate(verdict) : verdict;
}

interface Operator {
  /** Undefined: as text with wildcards. */
  readonly comparison?: Comparison;
  readonly negated: boolean;
}

/** Where wildcards are plain characters. Nothing that is asked about has them, so such a text is never surely it. */
const PLAIN: Comparison = { covers: (text, other) => !hasWildcard(text) && covers(text, other), overlaps };

const OPERATORS: Readonly<Record<string, Operator>> = {
  stringequals: { comparison: PLAIN, negated: false },
  stringnotequals: { comparison: PLAIN, negated: true },
  stringlike: { negated: false },
  stringnotlike: { negated: true },
  arnequals: { comparison: AS_ARN, negated: false },
  arnlike: { comparison: AS_ARN, negated: false },
  arnnotequals: { comparison: AS_ARN, negated: true },
  arnnotlike: { comparison: AS_ARN, negated: true },
};

function matchAll({ comparison }: Operator, values: readonly string[], found: readonly Possible[]): Verdict {
  const verdicts = found.map((value) => matchAny(values, value, comparison));
  if (verdicts.every((verdict) => verdict === "yes")) return "yes";
  return verdicts.every((verdict) => verdict === "no") ? "no" : "maybe";
}

function matchNull(values: readonly string[], isThere: boolean): Verdict {
  return values.includes(isThere ? "false" : "true") ? "yes" : "no";
}
