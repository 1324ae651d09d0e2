import { arnCovers, arnOverlaps, covers, hasWildcard, overlaps } from "./glob.ts";
import { anyOf, type Verdict } from "./verdict.ts";

/** What a value of a request may be: everything that a pattern stands for, but for some texts. */
export interface Possible {
  readonly pattern: string;
  readonly except: readonly string[];
}

/** A text, or all that a pattern stands for. */
export function exactly(text: string): Possible {
  return { pattern: text, except: [] };
}

/** How a policy's patterns are compared. */
export interface Comparison {
  readonly covers: (pattern: string, other: string) => boolean;
  readonly overlaps: (pattern: string, other: string) => boolean;
}

export const AS_TEXT: Comparison = { covers, overlaps };

/** Part by part: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN */
export const AS_ARN: Comparison = { covers: arnCovers, overlaps: arnOverlaps };

/** What is surely one of the resources is compared part by part, what may be one as text. */
export const AS_RESOURCE: Comparison = { covers: arnCovers, overlaps };

/** Whether a policy's pattern takes it. What a policy fills in when it is asked, such as `${aws:username}`, may be anything. */
export function matchPattern(pattern: string, value: Possible, comparison = AS_TEXT): Verdict {
  const open = pattern.includes("${") ? pattern.replaceAll(/\$\{[^}]*\}/g, "*") : pattern;
  if (open === pattern && comparison.covers(pattern, value.pattern)) return "yes";
  if (!hasWildcard(open) && value.except.includes(open)) return "no";
  return comparison.overlaps(open, value.pattern) ? "maybe" : "no";
}

export function matchAny(patterns: readonly string[], value: Possible, comparison = AS_TEXT): Verdict {
  return anyOf(patterns.map((pattern) => matchPattern(pattern, value, comparison)));
}
