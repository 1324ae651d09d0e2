import { describe, expect, it } from "vitest";
import { matchCondition } from "./match-condition.ts";
import { exactly } from "./possible.ts";
import type { Context } from "./request.ts";
import type { Condition } from "./statement.ts";

const role = "arn:aws:iam::444444444444:role/windlass-lambda";
const context: Context = {
  "aws:principalarn": [exactly(role)],
  "aws:principalaccount": [exactly("444444444444")],
  "aws:sourcearn": [{ pattern: "arn:*:*:*:111111111111:*", except: [] }, exactly("arn:aws:s3:::uploads")],
  "aws:sourceaccount": null,
};

function condition(operator: string, key: string, ...values: readonly string[]): Condition {
  return { operator, key, values, ifExists: false, ofMany: false };
}

describe("a condition", () => {
  it.each([
    ["stringequals", "aws:principalaccount", ["444444444444"], "yes"],
    ["stringequals", "aws:principalaccount", ["1", "444444444444"], "yes"],
    ["stringequals", "aws:principalaccount", ["111111111111"], "no"],
    ["stringequals", "aws:principalaccount", ["4*"], "maybe"],
    ["stringnotequals", "aws:principalaccount", ["111111111111"], "yes"],
    ["stringnotequals", "aws:principalaccount", ["444444444444"], "no"],
    ["stringlike", "aws:principalaccount", ["44*"], "yes"],
    ["stringnotlike", "aws:principalaccount", ["44*"], "no"],
    ["arnequals", "aws:principalarn", ["arn:aws:iam::444444444444:role/*"], "yes"],
    ["arnlike", "aws:principalarn", ["arn:aws:iam::*:role/windlass-instance"], "no"],
    ["arnnotequals", "aws:principalarn", [role], "no"],
    ["arnnotlike", "aws:principalarn", ["arn:aws:iam::1:*"], "yes"],
    ["arnlike", "aws:sourcearn", ["arn:aws:s3:::uploads"], "maybe"],
    ["arnlike", "aws:sourcearn", ["arn:aws:events:*:222222222222:*"], "no"],
    ["arnlike", "aws:sourcearn", ["*"], "yes"],
    ["stringequals", "aws:sourceaccount", ["444444444444"], "no"],
    ["stringnotequals", "aws:sourceaccount", ["444444444444"], "yes"],
    ["null", "aws:sourceaccount", ["true"], "yes"],
    ["null", "aws:sourceaccount", ["false"], "no"],
    ["null", "aws:principalarn", ["false"], "yes"],
    ["ipaddress", "aws:principalaccount", ["192.0.2.0/24"], "maybe"],
    ["stringequals", "aws:principalorgid", ["o-example"], "maybe"],
    ["stringlike", "aws:principalarn", [`arn:aws:iam::\${aws:PrincipalAccount}:role/*`], "maybe"],
  ] as const)("%s of %s with %j is fulfilled: %s", (operator, key, values, expected) => {
    expect(matchCondition(condition(operator, key, ...values), context)).toBe(expected);
  });

  it("that may lack its key is fulfilled without it", () => {
    const ifExists = { ...condition("stringequals", "aws:sourceaccount", "444444444444"), ifExists: true };

    expect(matchCondition(ifExists, context)).toBe("yes");
  });

  it("on a key of many values is beyond what is known", () => {
    const ofMany = { ...condition("stringequals", "aws:principalaccount", "111111111111"), ofMany: true };

    expect(matchCondition(ofMany, context)).toBe("maybe");
  });
});
