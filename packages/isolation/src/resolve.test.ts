import { describe, expect, it } from "vitest";
import { readTemplate } from "./account-template.ts";
import { arnOf, resolve, resolveText } from "./resolve.ts";

function readHere(Resources: object, region = "ap-southeast-2") {
  return readTemplate({
    account: "444444444444",
    region,
    stack: "area",
    role: { kind: "pipeline" },
    template: { Resources },
  });
}

const template = readHere({
  Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: { "Fn::Sub": `state-\${AWS::AccountId}` } } },
  Topic: { Type: "AWS::SNS::Topic", Properties: {} },
  Role: { Type: "AWS::IAM::Role", Properties: { RoleName: "apply", Path: "/deploy/" } },
  Log: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: "/aws/lambda/tick" } },
  Group: { Type: "AWS::Scheduler::ScheduleGroup", Properties: { Name: "windlass" } },
  Schedule: { Type: "AWS::Scheduler::Schedule", Properties: { Name: "always", GroupName: { Ref: "Group" } } },
  Other: { Type: "AWS::Unknown::Type", Properties: {} },
});

describe("a value of a template", () => {
  it.each([
    ["text", "plain", "plain"],
    ["a number", 7, 7],
    ["the name of a bucket", { Ref: "Bucket" }, "state-444444444444"],
    ["the ARN of a bucket", { "Fn::GetAtt": ["Bucket", "Arn"] }, "arn:aws:s3:::state-444444444444"],
    ["an ARN in short", { "Fn::GetAtt": "Bucket.Arn" }, "arn:aws:s3:::state-444444444444"],
    ["a topic, whose name is made up", { Ref: "Topic" }, "arn:aws:sns:ap-southeast-2:444444444444:area-Topic-Made"],
    [
      "the attribute of a topic",
      { "Fn::GetAtt": ["Topic", "TopicArn"] },
      "arn:aws:sns:ap-southeast-2:444444444444:area-Topic-Made",
    ],
    ["a role with a path", { "Fn::GetAtt": ["Role", "Arn"] }, "arn:aws:iam::444444444444:role/deploy/apply"],
    [
      "a log group's streams",
      { "Fn::GetAtt": ["Log", "Arn"] },
      "arn:aws:logs:ap-southeast-2:444444444444:log-group:/aws/lambda/tick:*",
    ],
    [
      "pseudo parameters",
      {
        "Fn::Join": [
          ":",
          [{ Ref: "AWS::Partition" }, { Ref: "AWS::Region" }, { Ref: "AWS::StackName" }, { Ref: "AWS::URLSuffix" }],
        ],
      },
      "aws:ap-southeast-2:area:amazonaws.com",
    ],
    ["what is left out", { a: { Ref: "AWS::NoValue" }, b: [{ Ref: "AWS::NoValue" }, "c"] }, { b: ["c"] }],
    [
      "a text with parts",
      { "Fn::Sub": [`\${!Literal} \${Role} \${Role.Arn} \${mine}`, { mine: { Ref: "Bucket" } }] },
      `\${Literal} apply arn:aws:iam::444444444444:role/deploy/apply state-444444444444`,
    ],
    ["an object with one member", { Service: "ec2.amazonaws.com" }, { Service: "ec2.amazonaws.com" }],
    ["an empty object", {}, {}],
    ["nothing", null, null],
  ])("is resolved: %s", (_, value, expected) => {
    expect(resolve(value, template)).toEqual(expected);
  });

  it.each([
    ["Ref Parameter", { Ref: "Parameter" }],
    ["Ref Other", { Ref: "Other" }],
    ["Fn::ImportValue", { "Fn::ImportValue": "x" }],
    ["Fn::If", { "Fn::If": ["C", "a", "b"] }],
    ["Fn::Join", { "Fn::Join": ["", { Ref: "List" }] }],
    ["Fn::Join", { "Fn::Join": "x" }],
    ["Fn::Sub", { "Fn::Sub": [1, {}] }],
    ["Fn::Sub", { "Fn::Sub": ["a", "b"] }],
    ["Fn::GetAtt Bucket.DomainName", { "Fn::GetAtt": ["Bucket", "DomainName"] }],
    ["Fn::GetAtt Log.Name", { "Fn::GetAtt": ["Log", "Name"] }],
    ["Fn::GetAtt Nobody.Arn", { "Fn::GetAtt": ["Nobody", "Arn"] }],
    ["Fn::GetAtt undefined.undefined", { "Fn::GetAtt": { a: 1 } }],
    ["Fn::GetAtt Bucket.undefined", { "Fn::GetAtt": ["Bucket"] }],
  ])("is not known before a deployment: %s", (found, value) => {
    expect(() => resolve(value, template)).toThrow(
      expect.objectContaining({ code: "cannot-resolve", found, where: "area" }),
    );
  });

  it("must be text where text is wanted", () => {
    expect(resolveText({ Ref: "Role" }, template)).toBe("apply");
    expect(() => resolveText({ a: 1 }, template)).toThrow(expect.objectContaining({ found: '{"a":1}' }));
    expect(() => resolveText(undefined, template)).toThrow(expect.objectContaining({ found: "nothing" }));
  });
});

describe("an ARN", () => {
  it("is in the group of a schedule", () => {
    const schedule = template.resources.get("Schedule");

    expect(schedule && arnOf(schedule, template)).toBe(
      "arn:aws:scheduler:ap-southeast-2:444444444444:schedule/windlass/always",
    );
  });

  it("is of the template's partition", () => {
    const china = readHere({ Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: "b" } } }, "cn-north-1");

    expect(resolve({ "Fn::Sub": `\${Bucket.Arn} \${AWS::URLSuffix}` }, china)).toBe(
      "arn:aws-cn:s3:::b amazonaws.com.cn",
    );
  });

  it("is not known of what has no type that is known", () => {
    const other = template.resources.get("Other");

    expect(() => other && arnOf(other, template)).toThrow(expect.objectContaining({ code: "cannot-resolve" }));
  });
});
