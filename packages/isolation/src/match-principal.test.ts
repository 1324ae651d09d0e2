import { describe, expect, it } from "vitest";
import { matchPrincipal } from "./match-principal.ts";
import { exactly } from "./possible.ts";
import type { Actor } from "./request.ts";

const arn = "arn:aws:iam::222222222222:role/windlass-lambda";
const role: Actor = { kind: "principal", account: "222222222222", arn: exactly(arn) };
const service: Actor = { kind: "service", service: "sns.amazonaws.com" };
const anonymous: Actor = { kind: "anonymous" };
const session = "arn:aws:sts::222222222222:assumed-role/windlass-lambda/tick";

describe("a principal", () => {
  it.each([
    ["AWS", "*", role, "yes", "no"],
    ["AWS", "222222222222", role, "yes", "maybe"],
    ["AWS", "arn:aws:iam::222222222222:root", role, "yes", "maybe"],
    ["AWS", "arn:aws:iam::333333333333:root", role, "no", "yes"],
    ["AWS", arn, role, "yes", "no"],
    ["AWS", session, role, "maybe", "maybe"],
    ["AWS", session.replace("222222222222", "333333333333"), role, "no", "yes"],
    ["CanonicalUser", "abc", role, "maybe", "maybe"],
    ["Service", "sns.amazonaws.com", role, "no", "yes"],
    ["Service", "sns.amazonaws.com", service, "yes", "no"],
    ["AWS", "222222222222", service, "no", "yes"],
    ["AWS", "*", anonymous, "yes", "no"],
    ["AWS", "222222222222", anonymous, "no", "yes"],
  ] as const)("%s %s names who asks, and NotPrincipal leaves them: %j", (type, value, actor, named, left) => {
    expect(matchPrincipal({ negated: false, patterns: [{ type, value }] }, actor)).toBe(named);
    expect(matchPrincipal({ negated: true, patterns: [{ type, value }] }, actor)).toBe(left);
  });
});
