import { describe, expect, it } from "vitest";
import { parsePolicy } from "./parse-policy.ts";

const place = { account: "444444444444", stack: "area", logicalId: "Bucket", statement: "PolicyDocument" };
const statement = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" };

describe("a policy", () => {
  it("is read with all that a statement can say", () => {
    const [first, second] = parsePolicy(
      JSON.stringify({
        Statement: [
          {
            Sid: "Read",
            Effect: "Deny",
            NotPrincipal: { AWS: ["1", "2"], Service: "sns.amazonaws.com" },
            NotAction: ["S3:GetObject"],
            NotResource: "arn:aws:s3:::a/*",
            Condition: { "ForAnyValue:StringLikeIfExists": { "aws:PrincipalOrgPaths": ["o/*", 1, true] } },
          },
          { Effect: "Allow", Action: "*", Sid: "" },
        ],
      }),
      place,
    );

    expect(first).toEqual({
      effect: "Deny",
      principals: {
        negated: true,
        patterns: [
          { type: "AWS", value: "1" },
          { type: "AWS", value: "2" },
          { type: "Service", value: "sns.amazonaws.com" },
        ],
      },
      actions: { negated: true, patterns: ["s3:getobject"] },
      resources: { negated: true, patterns: ["arn:aws:s3:::a/*"] },
      conditions: [
        {
          operator: "stringlike",
          ifExists: true,
          ofMany: true,
          key: "aws:principalorgpaths",
          values: ["o/*", "1", "true"],
        },
      ],
      place: { ...place, statement: "PolicyDocument Read" },
    });
    expect(second).toMatchObject({
      principals: null,
      resources: { negated: false, patterns: ["*"] },
      conditions: [],
      place: { statement: "PolicyDocument #2" },
    });
  });

  it.each([
    ["text that is no JSON", "{"],
    ["no Statement", {}],
    ["no Statement", []],
    ["a statement that is no object", { Statement: ["x"] }],
    ["the member Acton", { Statement: { Effect: "Allow", Acton: "*" } }],
    ['the effect "allow"', { Statement: { ...statement, Effect: "allow" } }],
    ["neither Action nor NotAction", { Statement: { Effect: "Allow" } }],
    ['the principal "1"', { Statement: { ...statement, Principal: "1" } }],
    ['{"a":1}', { Statement: { ...statement, Action: { a: 1 } } }],
    ["a condition that is no object", { Statement: { ...statement, Condition: "x" } }],
    ["a condition Bool that is no object", { Statement: { ...statement, Condition: { Bool: "x" } } }],
    ['{"a":1}', { Statement: { ...statement, Condition: { Bool: { key: { a: 1 } } } } }],
  ])("with %s is an error", (found, document) => {
    expect(() => parsePolicy(document, place)).toThrow(
      expect.objectContaining({
        code: "policy-unreadable",
        found,
        where: expect.stringContaining("area Bucket PolicyDocument"),
      }),
    );
  });
});
