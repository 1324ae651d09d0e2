import type { Caller } from "../core/service.ts";
import type { PolicyCondition, PolicyStatement, RepositoryPolicy } from "./policy-document.ts";
import { matchesWildcard } from "./wildcard.ts";

/** A call that a repository policy is asked about. */
export interface PolicyRequest {
  /** e.g. `ecr:BatchGetImage`. */
  readonly action: string;
  readonly caller: Caller;
  /** Of the caller's account; null where it belongs to none. */
  readonly organization: string | null;
}

/**
 * What a policy says to a call. A deny wins over any allow (IAM guide, "Policy evaluation logic").
 * What the sandbox can not judge counts against the caller: it fulfils no Allow and every Deny.
 */
export function decidePolicy(policy: RepositoryPolicy, request: PolicyRequest): "allow" | "deny" | "silent" {
  const fitting = policy.statements.filter((statement) => fits(statement, request));
  if (fitting.some((statement) => statement.effect === "Deny")) return "deny";
  return fitting.length > 0 ? "allow" : "silent";
}

/** `aws:PrincipalArn`: for a session, the ARN of its role (IAM guide, "Global condition context keys"). */
export function principalArn(caller: Caller): string {
  return caller.role === null ? caller.arn : `arn:aws:iam::${caller.account}:role/${caller.role}`;
}

function fits(statement: PolicyStatement, request: PolicyRequest): boolean {
  return (
    namesPrincipal(statement, request.caller) !== statement.notPrincipals &&
    namesAction(statement, request.action) !== statement.notActions &&
    statement.conditions.every((condition) => fulfils(condition, request) ?? statement.effect === "Deny")
  );
}

function namesPrincipal(statement: PolicyStatement, caller: Caller): boolean {
  const names = ["*", caller.account, `arn:aws:iam::${caller.account}:root`, principalArn(caller), caller.arn];
  return statement.principals.some((principal) => names.includes(principal));
}

function namesAction(statement: PolicyStatement, action: string): boolean {
  // Action names are compared without regard to case (IAM guide, "Action").
  return statement.actions.some((pattern) => matchesWildcard(pattern.toLowerCase(), action.toLowerCase()));
}

/** Undefined where the sandbox does not know the operator or the key. */
function fulfils(condition: PolicyCondition, request: PolicyRequest): boolean | undefined {
  const actual = contextValue(condition.key, request);
  const matches = matcherOf(condition.operator);
  if (actual === undefined || matches === undefined) return undefined;
  // A key that the request does not have fulfils no positive condition (IAM guide, "Condition operators").
  return actual !== null && condition.values.some((value) => matches(value, actual));
}

function contextValue(key: string, request: PolicyRequest): string | null | undefined {
  switch (key.toLowerCase()) {
    case "aws:principalarn":
      return principalArn(request.caller);
    case "aws:principalaccount":
      return request.caller.account;
    case "aws:principalorgid":
      return request.organization;
    default:
      return undefined;
  }
}

function matcherOf(operator: string): ((pattern: string, value: string) => boolean) | undefined {
  switch (operator) {
    case "StringEquals":
      return (expected, value) => expected === value;
    case "StringLike":
      return matchesWildcard;
    // ArnEquals and ArnLike behave identically (IAM guide, "Amazon Resource Name (ARN) condition operators").
    case "ArnEquals":
    case "ArnLike":
      return matchesArn;
    default:
      return undefined;
  }
}

/** Each of the six parts is checked for itself, so a wildcard does not reach over a colon. */
function matchesArn(pattern: string, arn: string): boolean {
  const patterns = splitArn(pattern);
  const parts = splitArn(arn);
  return patterns.length === parts.length && patterns.every((part, index) => matchesWildcard(part, parts[index] ?? ""));
}

function splitArn(arn: string): readonly string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}
