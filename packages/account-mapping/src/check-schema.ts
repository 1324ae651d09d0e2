import type * as z from "zod";
import { brokenValue, describeRule } from "./broken-rule.ts";
import type { MappingDocument } from "./document.ts";
import { describeFound, type Finding, quote } from "./finding.ts";
import { imageOfUnknownKindSchema } from "./image-schema.ts";
import { formatPath, type Path, valueAt } from "./path.ts";
import { type RuleName, rules } from "./rules.ts";
import { knownKeys, type MappingFile, mappingFileSchema, type ObjectName } from "./schema.ts";
import { hintFor, listWords } from "./suggest.ts";

type Issue = z.core.$ZodIssue;

export interface SchemaCheck {
  /** Null where there are findings. */
  readonly file: MappingFile | null;
  readonly findings: readonly Finding[];
}

/** Checks shape and single values against the schema, and says in people's words what does not fit. */
export function checkSchema(document: MappingDocument): SchemaCheck {
  const result = mappingFileSchema.safeParse(document.value);
  if (result.success) return { file: result.data, findings: [] };
  return { file: null, findings: result.error.issues.flatMap((issue) => explain(document, issue, [])) };
}

function explain(document: MappingDocument, issue: Issue, base: Path): readonly Finding[] {
  const path = [...base, ...(issue.path as Path)];
  const name = issue.message as RuleName;
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => explainKey(document, [...path, key], issue.message as ObjectName));
  if (issue.code === "invalid_union" && issue.discriminator !== undefined) return explainKind(document, path);
  if (issue.code === "invalid_union") {
    const meant = issue.errors.find((issues) => !issues.some(isOfAnotherType));
    if (meant !== undefined) return meant.flatMap((inner) => explain(document, inner, path));
  }
  if (path.length > 0 && valueAt(document.value, path) === undefined) return [explainMissing(path, name)];
  if (issue.code === "invalid_type") return [explainType(document, path, name, issue.expected === "string")];
  return [brokenValue(document, name, path)];
}

/** The alternative of a union that is out of the question: the value is of another type altogether. */
function isOfAnotherType(issue: Issue): boolean {
  return issue.code === "invalid_type" && issue.path.length === 0;
}

function explainKey(document: MappingDocument, path: Path, name: ObjectName): Finding {
  const key = String(path.at(-1));
  const known = knownKeys[name];
  const hint = hintFor(key, known, hintForStrangeKey(document, path));
  const expected = `only the keys ${listWords(known)}`;
  return { code: "unknown-key", path, part: "key", expected, found: quote(key), hint };
}

function hintForStrangeKey(document: MappingDocument, path: Path): string {
  const key = String(path.at(-1));
  if (key === "<<") return "YAML 1.2 has no merge keys: write the keys out, or use an alias for a whole value";
  const others = [...knownKeys.terraform, ...knownKeys.instanceRefresh];
  const kind = valueAt(document.value, [...path.slice(0, -1), "kind"]);
  return path[0] === "images" && others.includes(key)
    ? `an image of kind ${kind === "terraform" ? "instance-refresh" : "terraform"} has it, one of kind ${kind} has not`
    : "remove it";
}

/** Without a kind it is not known which keys an image may have: those of both kinds are checked. */
function explainKind(document: MappingDocument, path: Path): readonly Finding[] {
  const image = path.slice(0, -1);
  const others = imageOfUnknownKindSchema.safeParse(valueAt(document.value, image)).error?.issues ?? [];
  const missing = valueAt(document.value, path) === undefined;
  const finding = missing ? explainMissing(path, "kind") : brokenValue(document, "kind", path);
  return [finding, ...others.flatMap((issue) => explain(document, issue, image))];
}

function explainMissing(path: Path, name: RuleName): Finding {
  const key = quote(String(path.at(-1)));
  const owner = formatPath(path.slice(0, -1));
  return {
    code: "missing-key",
    path,
    part: "key",
    expected: `${key}: ${rules[name].expected}`,
    found: "nothing",
    hint: owner === "" ? `add the key ${key}` : `add the key ${key} to ${owner}`,
  };
}

function explainType(document: MappingDocument, path: Path, name: RuleName, asText: boolean): Finding {
  const value = valueAt(document.value, path);
  const { expected, hint } = describeRule(name, value);
  const found = describeFound(document, path);
  const finding = { path, part: "value", expected, found } as const;
  if (path.length === 0) return { ...finding, code: "not-an-object", hint };
  if (value === null) return { ...finding, code: "wrong-type", hint: "write a value, or remove the key" };
  if (!asText || (typeof value !== "number" && typeof value !== "boolean")) {
    return { ...finding, code: "wrong-type", hint };
  }
  if (name !== "account" || typeof value !== "number") {
    return { ...finding, code: "wrong-type", hint: `write it in quotes: "${found}"` };
  }
  const advice = /^\d{12}$/.test(found) ? `write "${found}"` : "write all 12 digits in quotes";
  return { ...finding, code: "account-id-not-quoted", hint: `${advice}; YAML takes leading zeros off a number` };
}
