import { IsolationError } from "./isolation-error.ts";
import { isObject, type JsonObject, listOf } from "./json.ts";
import type { Condition, Place, PrincipalPattern, Selection, Statement } from "./statement.ts";

/**
 * The statements of a policy, as an object or as its text. What is not understood is an error, since a statement that is
 * left out might be the one that lets somebody in.
 *
 * @throws IsolationError `policy-unreadable`
 */
export function parsePolicy(document: unknown, place: Place): readonly Statement[] {
  const policy = typeof document === "string" ? parseText(document, place) : document;
  if (!isObject(policy) || policy["Statement"] === undefined) throw unreadable("no Statement", place);
  return listOf(policy["Statement"]).map((statement, index) => {
    if (!isObject(statement)) throw unreadable("a statement that is no object", place);
    const sid = typeof statement["Sid"] === "string" && statement["Sid"] !== "" ? statement["Sid"] : `#${index + 1}`;
    return parseStatement(statement, { ...place, statement: `${place.statement} ${sid}` });
  });
}

function parseText(text: string, place: Place): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable("text that is no JSON", place);
  }
}

const MEMBERS = new Set([
  ...["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"],
]);

function parseStatement(statement: JsonObject, place: Place): Statement {
  const unknown = Object.keys(statement).find((member) => !MEMBERS.has(member));
  if (unknown !== undefined) throw unreadable(`the member ${unknown}`, place);
  const effect = statement["Effect"];
  if (effect !== "Allow" && effect !== "Deny") throw unreadable(`the effect ${JSON.stringify(effect)}`, place);
  const actions = parseTexts(statement, "Action", place);
  if (actions === null) throw unreadable("neither Action nor NotAction", place);
  return {
    effect,
    principals: parsePrincipals(statement, place),
    actions: { ...actions, patterns: actions.patterns.map((pattern) => pattern.toLowerCase()) },
    // A trust policy, and that of an ECR repository, is about what it is attached to.
    resources: parseTexts(statement, "Resource", place) ?? { negated: false, patterns: ["*"] },
    conditions: parseConditions(statement["Condition"], place),
    place,
  };
}

/** Null where the statement has neither the member nor its opposite. */
function parseTexts(statement: JsonObject, member: string, place: Place): Selection<string> | null {
  const negated = statement[`Not${member}`] !== undefined;
  const value = statement[negated ? `Not${member}` : member];
  return value === undefined ? null : { negated, patterns: textsOf(value, place) };
}

function parsePrincipals(statement: JsonObject, place: Place): Statement["principals"] {
  const negated = statement["NotPrincipal"] !== undefined;
  const value = statement[negated ? "NotPrincipal" : "Principal"];
  if (value === undefined) return null;
  if (value === "*") return { negated, patterns: [{ type: "AWS", value: "*" }] };
  if (!isObject(value)) throw unreadable(`the principal ${JSON.stringify(value)}`, place);
  const patterns = Object.entries(value).flatMap(([type, values]): readonly PrincipalPattern[] =>
    textsOf(values, place).map((text) => ({ type, value: text })),
  );
  return { negated, patterns };
}

function parseConditions(conditions: unknown, place: Place): readonly Condition[] {
  if (conditions === undefined) return [];
  if (!isObject(conditions)) throw unreadable("a condition that is no object", place);
  return Object.entries(conditions).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw unreadable(`a condition ${operator} that is no object`, place);
    const name = operator.toLowerCase();
    const ofMany = /^for(?:all|any)values?:/;
    return Object.entries(keys).map(([key, values]) => ({
      operator: name.replace(ofMany, "").replace(/ifexists$/, ""),
      ifExists: name.endsWith("ifexists"),
      ofMany: ofMany.test(name),
      key: key.toLowerCase(),
      values: listOf(values).map((value) => textOf(value, place)),
    }));
  });
}

function textsOf(value: unknown, place: Place): readonly string[] {
  return listOf(value).map((text) => {
    if (typeof text !== "string") throw unreadable(JSON.stringify(text), place);
    return text;
  });
}

/** Templates have numbers and booleans in conditions, too. */
function textOf(value: unknown, place: Place): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return value;
  throw unreadable(JSON.stringify(value), place);
}

function unreadable(found: string, { stack, logicalId, statement }: Place): IsolationError {
  return new IsolationError({
    code: "policy-unreadable",
    message: "a policy is not understood, so nobody can say what it allows",
    where: `${stack} ${logicalId} ${statement}`,
    expected: "a policy document of IAM",
    found,
  });
}
