import { isObject } from "../core/is-object.ts";
import { invalidParameter } from "./ecr-fault.ts";

export interface PolicyStatement {
  readonly effect: "Allow" | "Deny";
  /** Account ids, ARNs or `*`. */
  readonly principals: readonly string[];
  /** True where the statement names whom it does not mean. */
  readonly notPrincipals: boolean;
  readonly actions: readonly string[];
  readonly notActions: boolean;
  readonly conditions: readonly PolicyCondition[];
}

export interface PolicyCondition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

export interface RepositoryPolicy {
  readonly text: string;
  readonly statements: readonly PolicyStatement[];
}

/** Either policy text is at most 10,240 characters (service model, `RepositoryPolicyText`). */
const maxPolicyLength = 10_240;

/** Parses a repository policy; throws `InvalidParameterException` for what IAM would not accept. */
export function parseRepositoryPolicy(text: string): RepositoryPolicy {
  if (text.length > maxPolicyLength)
    throw invalidParameter("PolicyText", `Member must have length <= ${maxPolicyLength}`);
  const document = parseObject(text);
  const statements = document["Statement"];
  const list = Array.isArray(statements) ? statements : [statements];
  return { text, statements: list.map(parseStatement) };
}

function parseStatement(value: unknown): PolicyStatement {
  if (!isObject(value)) throw invalidPolicy();
  const effect = value["Effect"];
  if (effect !== "Allow" && effect !== "Deny") throw invalidPolicy();
  const action = value["Action"] ?? value["NotAction"];
  const principal = value["Principal"] ?? value["NotPrincipal"];
  if (action === undefined || principal === undefined) throw invalidPolicy();
  return {
    effect,
    principals: parsePrincipals(principal),
    notPrincipals: value["Principal"] === undefined,
    actions: textOrTexts(action),
    notActions: value["Action"] === undefined,
    conditions: parseConditions(value["Condition"]),
  };
}

function parsePrincipals(value: unknown): readonly string[] {
  if (value === "*") return ["*"];
  if (!isObject(value)) throw invalidPolicy();
  // Services and federated users never call the sandbox: only AWS principals can match.
  return value["AWS"] === undefined ? [] : textOrTexts(value["AWS"]);
}

function parseConditions(value: unknown): readonly PolicyCondition[] {
  if (value === undefined) return [];
  if (!isObject(value)) throw invalidPolicy();
  return Object.entries(value).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw invalidPolicy();
    return Object.entries(keys).map(([key, values]) => ({ operator, key, values: textOrTexts(values) }));
  });
}

function textOrTexts(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item === "boolean" || typeof item === "number") return String(item);
    if (typeof item !== "string") throw invalidPolicy();
    return item;
  });
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalidPolicy();
}

function invalidPolicy() {
  return invalidParameter("PolicyText", "Invalid repository policy provided");
}
