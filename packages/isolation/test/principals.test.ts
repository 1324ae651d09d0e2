import { describe, expect, it } from "vitest";
import {
  allow,
  check,
  codesOf,
  granting,
  PIPELINE,
  PRODUCTION,
  policy,
  REGION,
  role,
  SCRATCH,
} from "./support/organisation.ts";

const here = (name: string) => `arn:aws:iam::${PRODUCTION}:role/${name}`;
const boundaryArn = `arn:aws:iam::${PRODUCTION}:policy/windlass-apply-boundary`;
const repository = (name: string) => `arn:aws:ecr:${REGION}:${PIPELINE}:repository/${name}`;

/** A boundary that denies all that it should. */
const boundary = (...statements: readonly object[]) => ({
  Type: "AWS::IAM::ManagedPolicy",
  Properties: {
    ManagedPolicyName: "windlass-apply-boundary",
    PolicyDocument: policy(allow("*", { Resource: "*" }), ...statements),
  },
});
const deny = (Action: string | readonly string[], more: object = {}) => ({
  Effect: "Deny",
  Action,
  Resource: "*",
  ...more,
});
const denies = [
  deny("*", { Resource: [`arn:aws:iam::${PRODUCTION}:role/*`, `arn:aws:iam::${PRODUCTION}:policy/*`] }),
  deny("cloudformation:*"),
  deny(["s3:*", "ssm:*", "ecr:*"]),
  deny("sts:AssumeRole"),
  deny("iam:*", { Condition: { StringNotEquals: { "iam:PermissionsBoundary": boundaryArn } } }),
  deny(["iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"]),
];
const applyRole = role("windlass-apply", {
  ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
  PermissionsBoundary: boundaryArn,
});

describe("a role without a boundary", () => {
  it.each([
    ["a few reads", allow(["s3:GetObject"], { Resource: "*" }), []],
    ["a role to pass", allow("iam:PassRole", { Resource: "*" }), ["can-escalate"]],
    ["all but a few", { Effect: "Allow", NotAction: "sts:*", Resource: "*" }, ["can-escalate"]],
    ["any role", allow("sts:AssumeRole", { Resource: "*" }), ["can-escalate"]],
    ["a bounded role", allow("sts:AssumeRole", { Resource: here("windlass-apply") }), []],
    [
      "a bounded role and another",
      allow("sts:AssumeRole", { Resource: [here("windlass-apply"), here("x")] }),
      ["can-escalate"],
    ],
    ["all but a bounded role", allow("sts:AssumeRole", { NotResource: here("windlass-apply") }), ["can-escalate"]],
    [
      "a bounded role and more",
      allow(["sts:AssumeRole", "sts:AssumeRoot"], { Resource: here("windlass-apply") }),
      ["can-escalate"],
    ],
    [
      "a role of another account",
      allow("sts:AssumeRole", { Resource: `arn:aws:iam::${SCRATCH}:role/x` }),
      ["reaches-out", "can-escalate"],
    ],
    [
      "what another account has",
      allow("s3:GetObject", { Resource: `arn:aws:sqs:${REGION}:${SCRATCH}:q` }),
      ["reaches-out"],
    ],
    [
      "all but what another account has",
      allow("s3:GetObject", { NotResource: `arn:aws:sqs:${REGION}:${SCRATCH}:q` }),
      [],
    ],
    ["images of the pipeline", allow(["ecr:BatchGetImage"], { Resource: repository("a") }), []],
    ["pushing into the pipeline", allow(["ecr:PutImage"], { Resource: repository("a") }), ["reaches-out"]],
    [
      "all but pushing",
      { Effect: "Allow", NotAction: "ecr:PutImage", Resource: repository("a") },
      ["reaches-out", "can-escalate"],
    ],
    [
      "queues of the pipeline",
      allow("ecr:BatchGetImage", { Resource: `arn:aws:sqs:${REGION}:${PIPELINE}:q` }),
      ["reaches-out"],
    ],
  ])("that is granted %s", (_, statement, codes) => {
    const report = check({
      production: {
        Role: role("windlass-lambda", granting(statement)),
        Apply: applyRole,
        Boundary: boundary(...denies),
      },
    });

    expect(codesOf(report)).toEqual(codes);
  });

  it("says what it could do, and how many things more", () => {
    const { findings } = check({
      production: { Role: role("windlass-lambda", granting(allow("*", { Resource: "*" }))) },
    });

    expect(findings[0]?.why).toMatch(/^arn:aws:iam::444444444444:role\/windlass-lambda may .* and \d+ more$/);
    expect(findings[0]?.statement).toBe("Policies own #1");
  });

  it.each([
    ["a policy of AWS", { ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }],
    [
      "everything, and a boundary of nobody",
      { ManagedPolicyArns: ["x"], PermissionsBoundary: "arn:aws:iam::aws:policy/X" },
    ],
  ])("that has %s, has unknown rights", (_, more) => {
    expect(codesOf(check({ production: { Role: role("r", more) } }))).toEqual(["rights-unknown"]);
  });

  it.each([
    ["AWS::IAM::Policy", { Roles: [{ Ref: "Role" }] }],
    ["AWS::IAM::ManagedPolicy", { Roles: ["deploy"] }],
    ["AWS::IAM::RolePolicy", { RoleName: "deploy" }],
  ])("has what a %s grants it", (Type, more) => {
    const PolicyDocument = policy(allow("iam:CreateRole", { Resource: "*" }));
    const production = {
      Role: role("deploy", { Path: "/windlass/" }),
      Policy: { Type, Properties: { PolicyDocument, ...more } },
    };

    expect(codesOf(check({ production }))).toEqual(["can-escalate"]);
  });

  it("has what a managed policy of the template grants it; so has a user", () => {
    const PolicyDocument = policy(allow("iam:CreateRole", { Resource: "*" }));
    const production = {
      Policy: {
        Type: "AWS::IAM::ManagedPolicy",
        Properties: { ManagedPolicyName: "p", PolicyDocument, Users: ["ann"] },
      },
      Role: role("r", { ManagedPolicyArns: [{ Ref: "Policy" }] }),
      User: { Type: "AWS::IAM::User", Properties: { UserName: "ann" } },
      Other: { Type: "AWS::IAM::User", Properties: { UserName: "bob" } },
    };

    expect(check({ production }).findings.map(({ why }) => why)).toEqual([
      `${here("r")} may iam:createrole`,
      `arn:aws:iam::${PRODUCTION}:user/ann may iam:createrole`,
    ]);
  });
});

describe("a role with a boundary", () => {
  it("that denies what it must is in order", () => {
    expect(codesOf(check({ production: { Apply: applyRole, Boundary: boundary(...denies) } }))).toEqual([]);
  });

  it("that denies nothing has holes, some of which are named", () => {
    const { findings } = check({ production: { Apply: applyRole, Boundary: boundary() } });

    expect(findings).toEqual([expect.objectContaining({ code: "boundary-hole", logicalId: "Apply" })]);
    expect(findings[0]?.why).toMatch(/^the boundary of .* does not deny .* and \d+ more$/);
  });

  it("with one hole names it", () => {
    const { findings } = check({
      production: { Apply: applyRole, Boundary: boundary(...denies.filter((_, index) => index !== 3)) },
    });

    expect(findings[0]?.why).toBe(`the boundary of ${here("windlass-apply")} does not deny sts:assumerole on *`);
  });

  it("that is empty allows nothing", () => {
    const empty = {
      Type: "AWS::IAM::ManagedPolicy",
      Properties: { ManagedPolicyName: "windlass-apply-boundary", PolicyDocument: policy() },
    };

    expect(codesOf(check({ production: { Apply: applyRole, Boundary: empty } }))).toEqual([]);
  });

  it.each([
    ["is tagged", [{ Key: "windlass:owner", Value: "windlass", PropagateAtLaunch: true }], []],
    ["is not tagged", [], ["boundary-hole"]],
  ])("knows by its tag what of EC2 is Windlass's, where it %s", (_, tags, codes) => {
    const byTag = deny("ec2:*", { Condition: { Null: { "aws:ResourceTag/windlass:owner": "false" } } });
    const launching = deny(["autoscaling:*", "ssm:*"]);
    const production = {
      Apply: applyRole,
      Boundary: boundary(...denies, byTag, launching),
      Group: {
        Type: "AWS::AutoScaling::AutoScalingGroup",
        Properties: { AutoScalingGroupName: "windlass-deploy", Tags: tags },
      },
      Template: {
        Type: "AWS::EC2::LaunchTemplate",
        Properties: { TagSpecifications: [{ ResourceType: "launch-template", Tags: tags }, "x"] },
      },
    };

    expect(codesOf(check({ production }))).toEqual(codes);
  });

  it("must have a bucket that refuses access points, past which it sees nothing", () => {
    const Bucket = { Type: "AWS::S3::Bucket", Properties: { BucketName: "b" } };
    const refusing = (Condition: object) => ({
      Type: "AWS::S3::BucketPolicy",
      Properties: { Bucket: { Ref: "Bucket" }, PolicyDocument: policy(deny("s3:*", { Principal: "*", Condition })) },
    });
    const parts = { Apply: applyRole, Boundary: boundary(...denies), Bucket };
    const right = { Null: { "s3:DataAccessPointArn": "false" } };
    const wrong = { Bool: { "aws:SecureTransport": "false" } };

    expect(codesOf(check({ production: parts }))).toEqual(["bucket-by-access-point"]);
    expect(codesOf(check({ production: { ...parts, Policy: refusing(wrong) } }))).toEqual(["bucket-by-access-point"]);
    expect(codesOf(check({ production: { ...parts, Policy: refusing(right) } }))).toEqual([]);
    expect(codesOf(check({ production: { Bucket } }))).toEqual([]);
  });

  it("may keep states in the bucket, and log groups are asked about with their streams", () => {
    const production = {
      Apply: applyRole,
      Boundary: boundary(...denies),
      Log: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: "/windlass" } },
    };

    const { table, findings } = check({ production });

    expect(codesOf({ findings } as never)).toEqual(["boundary-hole"]);
    const stream = `arn:aws:logs:${REGION}:${PRODUCTION}:log-group:/windlass:log-stream:*`;
    expect(table).toContainEqual({
      principal: here("windlass-apply"),
      action: "logs:*",
      resource: stream,
      answer: "allowed",
    });
  });
});
