import { describe, expect, it } from "vitest";
import { allow, check, codesOf, PIPELINE, PRODUCTION, policy, REGION, root, SCRATCH } from "./support/organisation.ts";

const toPipeline = (Action: string, more: object = {}) => policy(allow(Action, { Principal: root(PIPELINE), ...more }));
const toAll = (Action: string, Resource = "*") => policy(allow(Action, { Principal: "*", Resource }));
const permission = (more: object) => ({
  Type: "AWS::Lambda::Permission",
  Properties: { FunctionName: "tick", Action: "lambda:InvokeFunction", ...more },
});

describe("what lets another account in", () => {
  it.each([
    [
      "a bucket policy",
      { Type: "AWS::S3::BucketPolicy", Properties: { Bucket: "b", PolicyDocument: toPipeline("s3:*") } },
    ],
    [
      "a topic's policy",
      {
        Type: "AWS::SNS::TopicPolicy",
        Properties: { Topics: [`arn:aws:sns:${REGION}:${PRODUCTION}:t`], PolicyDocument: toPipeline("sns:Publish") },
      },
    ],
    [
      "a queue's policy",
      {
        Type: "AWS::SQS::QueuePolicy",
        Properties: {
          Queues: [`https://sqs.${REGION}.amazonaws.com/${PRODUCTION}/q`],
          PolicyDocument: toPipeline("sqs:SendMessage"),
        },
      },
    ],
    ["a key's policy", { Type: "AWS::KMS::Key", Properties: { KeyPolicy: toPipeline("kms:CreateGrant") } }],
    [
      "a secret's policy",
      {
        Type: "AWS::SecretsManager::ResourcePolicy",
        Properties: {
          SecretId: `arn:aws:secretsmanager:${REGION}:${PRODUCTION}:secret:s-abcdef`,
          ResourcePolicy: toPipeline("*"),
        },
      },
    ],
    [
      "a repository's policy",
      {
        Type: "AWS::ECR::Repository",
        Properties: { RepositoryName: "r", RepositoryPolicyText: toPipeline("ecr:BatchGetImage") },
      },
    ],
    [
      "a registry's policy",
      { Type: "AWS::ECR::RegistryPolicy", Properties: { PolicyText: toPipeline("ecr:ReplicateImage") } },
    ],
    [
      "an event bus",
      { Type: "AWS::Events::EventBus", Properties: { Name: "bus", Policy: toPipeline("events:PutEvents") } },
    ],
    [
      "a statement on an event bus",
      {
        Type: "AWS::Events::EventBusPolicy",
        Properties: {
          EventBusName: "bus",
          StatementId: "x",
          Statement: allow("events:PutEvents", { Principal: root(PIPELINE), Resource: "*" }),
        },
      },
    ],
    [
      "the parts of a statement on the default event bus",
      { Type: "AWS::Events::EventBusPolicy", Properties: { Action: "events:PutEvents", Principal: PIPELINE } },
    ],
    [
      "a policy of logs, as text",
      {
        Type: "AWS::Logs::ResourcePolicy",
        Properties: { PolicyDocument: JSON.stringify(toPipeline("logs:PutLogEvents", { Resource: "*" })) },
      },
    ],
    [
      "a policy for all but some objects",
      {
        Type: "AWS::S3::BucketPolicy",
        Properties: {
          Bucket: "b",
          PolicyDocument: policy(allow("s3:*", { Principal: root(PIPELINE), NotResource: "arn:aws:s3:::b/x" })),
        },
      },
    ],
    [
      "a policy of a service that is not known",
      {
        Type: "AWS::SNS::TopicPolicy",
        Properties: { Topics: ["arn:aws:new:r:1:t"], PolicyDocument: toPipeline("new:Do") },
      },
    ],
    ["a permission for its number", permission({ Principal: PIPELINE })],
    ["a permission for its ARN", permission({ Principal: root(PIPELINE).AWS, SourceAccount: "x" })],
  ])("is found in %s", (name, resource) => {
    const report = check({ production: { Planted: resource } });

    expect(codesOf(report)).toEqual(name.endsWith("its ARN") ? [] : ["open-to-account"]);
  });

  it.each([
    ["anybody", toAll("s3:GetObject", "arn:aws:s3:::b/*"), "open-to-all"],
    ["an account of nobody", policy(allow("s3:GetObject", { Principal: root("999999999999") })), "open-to-strangers"],
    ["a canonical user", policy(allow("s3:GetObject", { Principal: { CanonicalUser: "abc" } })), "open-to-strangers"],
    ["nobody in particular, where that is left out", policy(allow("s3:GetObject")), "open-to-all"],
    [
      "a service",
      policy(allow("s3:PutObject", { Principal: { Service: "logging.s3.amazonaws.com" } })),
      "open-to-service",
    ],
  ])("is told by whom it lets in: %s", (_, PolicyDocument, code) => {
    const report = check({
      production: { Planted: { Type: "AWS::S3::BucketPolicy", Properties: { Bucket: "b", PolicyDocument } } },
    });

    expect(report.findings).toEqual([
      expect.objectContaining({
        code,
        account: PRODUCTION,
        stack: "windlass-area-production",
        logicalId: "Planted",
        statement: "PolicyDocument #1",
      }),
    ]);
  });

  it("names three of those that come in, and counts the others", () => {
    const { findings } = check({
      scratch: { Role: { Type: "AWS::IAM::Role", Properties: { RoleName: "r", AssumeRolePolicyDocument: policy() } } },
      production: { Key: { Type: "AWS::KMS::Key", Properties: { KeyPolicy: toAll("kms:*") } } },
    });

    expect(findings[0]?.why).toMatch(
      /^arn:aws:iam::111111111111:root, .*, .* and \d+ more may kms:\*, kms:creategrant, kms:decrypt and \d more on /,
    );
  });
});

describe("a permission", () => {
  const rule = `arn:aws:events:${REGION}:${PRODUCTION}:rule/result`;

  it.each([
    ["for a rule of the account", { Principal: "events.amazonaws.com", SourceArn: rule }, []],
    [
      "for a service with the account",
      { Principal: "s3.amazonaws.com", SourceArn: "arn:aws:s3:::b", SourceAccount: PRODUCTION },
      [],
    ],
    ["for a service without it", { Principal: "s3.amazonaws.com", SourceArn: "arn:aws:s3:::b" }, ["open-to-service"]],
    ["for an organisation", { Principal: "*", PrincipalOrgID: "o-example" }, ["open-to-strangers"]],
    [
      "for all",
      { Principal: "*", FunctionName: `arn:aws:lambda:${REGION}:${PRODUCTION}:function:tick:live` },
      ["open-to-all"],
    ],
  ])("%s", (_, properties, codes) => {
    const tick = { Type: "AWS::Lambda::Function", Properties: { FunctionName: "tick" } };

    expect(codesOf(check({ production: { Tick: tick, Planted: permission(properties) } }))).toEqual(codes);
  });

  it("for an event bus can have a condition", () => {
    const properties = {
      Action: "events:PutEvents",
      Principal: "*",
      Condition: { Type: "StringEquals", Key: "aws:PrincipalOrgID", Value: "o" },
    };

    expect(
      codesOf(check({ scratch: { Planted: { Type: "AWS::Events::EventBusPolicy", Properties: properties } } })),
    ).toEqual(["open-to-strangers"]);
  });
});

describe("what is shared without a policy", () => {
  it.each([
    ["PublicRead", ["shared"]],
    ["Private", []],
    ["LogDeliveryWrite", ["shared"]],
  ])("is found by a bucket's list: %s", (AccessControl, codes) => {
    expect(
      codesOf(check({ production: { Bucket: { Type: "AWS::S3::Bucket", Properties: { AccessControl } } } })),
    ).toEqual(codes);
  });

  it.each([
    [
      [{ Destinations: [{ RegistryId: PRODUCTION }, { RegistryId: SCRATCH }, { RegistryId: SCRATCH }] }],
      ["replication", "replication"],
    ],
    [[{ Destinations: [{ RegistryId: PIPELINE, Region: "eu-west-1" }] }], []],
    [[], []],
  ])("is found in rules of replication: %j", (Rules, codes) => {
    const Properties = { ReplicationConfiguration: { Rules } };

    expect(
      codesOf(check({ pipeline: { Planted: { Type: "AWS::ECR::ReplicationConfiguration", Properties } } })),
    ).toEqual(codes);
  });

  it("is not found in rules that are not there", () => {
    const Properties = { ReplicationConfiguration: "none" };

    expect(
      codesOf(check({ pipeline: { Planted: { Type: "AWS::ECR::ReplicationConfiguration", Properties } } })),
    ).toEqual([]);
  });

  it.each([
    ["unknown-type", { Type: "AWS::RAM::ResourceShare" }],
    ["cannot-resolve", { Type: "AWS::S3::BucketPolicy", Condition: "C" }],
    ["cannot-resolve", { Type: "AWS::S3::Bucket", Properties: { BucketName: { Ref: "Parameter" } } }],
    ["policy-unreadable", { Type: "AWS::KMS::Key", Properties: { KeyPolicy: {} } }],
  ])("or is not known, is found: %s", (code, resource) => {
    const { findings } = check({ production: { Planted: resource } });

    expect(findings).toEqual([
      expect.objectContaining({ code, logicalId: "Planted", hint: expect.stringMatching(/./) }),
    ]);
  });

  it("is no question of what has no policy", () => {
    const production = {
      Key: { Type: "AWS::KMS::Key" },
      Repository: { Type: "AWS::ECR::Repository" },
      Bus: { Type: "AWS::Events::EventBus" },
    };

    expect(codesOf(check({ production }))).toEqual([]);
  });

  it("may be a fault that is none of the template's", () => {
    const resource = {
      get Type(): string {
        return "AWS::KMS::Key";
      },
      Properties: new Proxy(
        {},
        {
          get: () => {
            throw new TypeError("not a template's");
          },
        },
      ),
    };

    expect(() => check({ production: { Key: resource } })).toThrow(TypeError);
  });

  it("is no question of a part of something else", () => {
    expect(codesOf(check({ production: { Planted: { Type: "AWS::EC2::Route" } } }))).toEqual([]);
  });

  it("makes templates that are none an error", () => {
    expect(() => check({ production: { Planted: {} } })).toThrow(
      expect.objectContaining({ code: "template-unreadable" }),
    );
  });
});
