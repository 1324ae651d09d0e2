import type { MappingDocument } from "./document.ts";
import { describeFound, type Finding } from "./finding.ts";
import { type Path, valueAt } from "./path.ts";
import type { Rule } from "./rule.ts";
import { type RuleName, rules } from "./rules.ts";

/** The rule's words for this value. */
export function describeRule(name: RuleName, value: unknown): Pick<Finding, "code" | "expected" | "hint"> {
  const { code, expected, hint }: Rule = rules[name];
  const text = typeof value === "string" ? value : "";
  return {
    code: typeof code === "function" ? code(text) : code,
    expected,
    hint: typeof hint === "function" ? hint(text) : hint,
  };
}

/** A value that breaks a rule, with words of one's own for what was found. */
export function brokenRule(name: RuleName, path: Path, found: string): Finding {
  return { ...describeRule(name, found), path, part: "value", found };
}

/** A value that breaks a rule, as it stands in the document. */
export function brokenValue(document: MappingDocument, name: RuleName, path: Path): Finding {
  return {
    ...describeRule(name, valueAt(document.value, path)),
    path,
    part: "value",
    found: describeFound(document, path),
  };
}
