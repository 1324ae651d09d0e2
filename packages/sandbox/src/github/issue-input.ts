import { invalid } from "./github-fault.ts";

const LONGEST_BODY = 65_536;
const LONGEST_LABEL = 50;

/** Of an issue or a comment. */
export function readBody(value: unknown): string {
  return checkLength(typeof value === "string" ? value : "", "body", LONGEST_BODY);
}

/** Labels come into being with their first use. */
export function readLabels(value: unknown): readonly string[] {
  const labels = Array.isArray(value) ? value : [];
  return labels
    .map((label) => (typeof label === "string" ? label : String((label as { readonly name?: unknown }).name)))
    .map((label) => checkLength(label, "label", LONGEST_LABEL));
}

/** GitHub counts characters, not bytes. */
export function checkLength(text: string, field: string, longest: number): string {
  if ([...text].length <= longest) return text;
  const message = `${field} is too long (maximum is ${longest} characters)`;
  throw invalid({ resource: "Issue", field, code: "custom", message });
}
