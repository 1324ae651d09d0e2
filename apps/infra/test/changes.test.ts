import { checkMapping, formatMapping } from "@windlass/account-mapping";
import { describe, expect, it } from "vitest";
import {
  exampleWith,
  onlyResource,
  resourcesOf,
  type Synthesized,
  synthesize,
  type Template,
} from "./support/templates.ts";

const before = synthesize(exampleWith());

/** `stack: type of resource` of all that differs, each once. */
function changed(after: Synthesized): readonly string[] {
  return Object.keys(before.templates).flatMap((stack) => {
    const [one, other] = [before.templates[stack]?.Resources ?? {}, after.templates[stack]?.Resources ?? {}];
    const ids = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    const different = ids.filter((id) => JSON.stringify(one[id]) !== JSON.stringify(other[id]));
    return [...new Set(different.map((id) => `${stack}: ${(one[id] ?? other[id])?.Type}`))].sort();
  });
}

describe("a changed mapping", () => {
  it("changes nothing where it says the same", () => {
    expect(changed(synthesize(exampleWith()))).toEqual([]);
  });

  it("changes the schedule, the evening and the Lambda's mapping of the one area whose window it changes", () => {
    const after = exampleWith([
      'timezone: Australia/Sydney, days: MON-FRI, hours: "07:00-19:00"',
      "timezone: Asia/Kathmandu",
    ]);

    expect(changed(synthesize(after))).toEqual([
      "area-staging: AWS::AutoScaling::ScheduledAction",
      "area-staging: AWS::Lambda::Function",
      "area-staging: AWS::Scheduler::Schedule",
    ]);
  });

  it("changes the instances of the one area whose infrastructure it changes, and no Lambda", () => {
    const after = exampleWith([
      "infra: { logRetention: 365 }",
      "infra: { logRetention: 365, architecture: arm64, volume: 50 }",
    ]);

    expect(changed(synthesize(after))).toEqual([
      "area-production: AWS::AutoScaling::AutoScalingGroup",
      "area-production: AWS::EC2::LaunchTemplate",
      "area-production: AWS::IAM::Role",
    ]);
  });

  it("changes repositories, Lambdas and who reads what where an image comes to it", () => {
    const after = exampleWith(["images:\n", "images:\n  dga-dns: { kind: terraform }\n"]);
    const areas = ["scratch", "staging", "production"];

    expect([...changed(synthesize(after))].sort()).toEqual(
      [
        ...["AWS::ECR::Repository", "AWS::IAM::ManagedPolicy"].map((type) => `pipeline: ${type}`),
        ...areas.flatMap((area) => ["AWS::IAM::Role", "AWS::Lambda::Function"].map((type) => `area-${area}: ${type}`)),
      ].sort(),
    );
  });
});

describe("what an area may choose", () => {
  const text = `{ vpc: "ssm:/network/vpc", subnets: ["ssm:/network/a", subnet-01234567] }`;
  const topic = "arn:aws:sns:ap-southeast-2:444444444444:ops";
  const { templates } = synthesize(
    exampleWith([
      "infra: { logRetention: 365 }",
      `infra: { network: ${text}, alarms: "${topic}", createGithubSecret: true, concurrency: 1, applyPolicies: ["arn:aws:iam::444444444444:policy/iac"], bucket: acme-state, deployGroup: acme, prefix: windlass-dga }`,
    ]),
  );
  const area = templates["area-production"] as Template;

  it("is a network that is there, whose ids CloudFormation reads when it deploys", () => {
    const [subnet, other] = onlyResource(area, "AWS::AutoScaling::AutoScalingGroup").Properties.VPCZoneIdentifier;
    const parameters = Object.values(area.Parameters ?? {}).map(({ Type, Default }) => [Type, Default]);

    expect(resourcesOf(area, "AWS::EC2::VPC")).toEqual([]);
    expect(parameters).toContainEqual(["AWS::SSM::Parameter::Value<String>", "/network/vpc"]);
    expect(area.Parameters?.[subnet.Ref]?.Default).toBe("/network/a");
    expect(other).toBe("subnet-01234567");
  });

  it("is a topic for its alarms, a secret, a concurrency, and names", () => {
    const secret = onlyResource(area, "AWS::SecretsManager::Secret").Properties;

    expect(resourcesOf(area, "AWS::CloudWatch::Alarm").map(({ Properties }) => Properties.AlarmActions)).toContainEqual(
      [topic],
    );
    expect(secret).toMatchObject({ Name: "windlass/github-app" });
    expect(Object.keys(secret)).not.toContain("SecretString");
    expect(onlyResource(area, "AWS::Lambda::Function").Properties).toMatchObject({
      FunctionName: "windlass-dga-tick",
      ReservedConcurrentExecutions: 1,
      Environment: { Variables: { WINDLASS_DEPLOY_GROUP: "acme" } },
    });
    expect(onlyResource(area, "AWS::S3::Bucket").Properties.BucketName).toBe("acme-state");
    expect(JSON.stringify(templates["pipeline"])).toContain("arn:aws:iam::444444444444:role/windlass-dga-lambda");
  });

  it("is what Terraform gets", () => {
    expect(JSON.stringify(area)).toContain('"ManagedPolicyArns":["arn:aws:iam::444444444444:policy/iac"]');
  });
});

describe("a mapping of 500 images", () => {
  const file = formatMapping(exampleWith()) as object;
  const images = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [
      `a-service-with-a-long-name-${index}`,
      { github: "iac", ...(index % 2 ? { kind: "terraform" } : { kind: "instance-refresh", groups: [`g-${index}`] }) },
    ]),
  );
  const { templates } = synthesize(checkMapping({ ...file, images, infra: { pipeline: { stacks: 4 } } }));

  it("has templates that CloudFormation takes: 1 MB and 500 resources", () => {
    expect(Object.keys(templates)).toHaveLength(7);
    for (const template of Object.values(templates)) {
      expect(Buffer.byteLength(JSON.stringify(template))).toBeLessThan(1_000_000);
      expect(Object.keys(template.Resources).length).toBeLessThan(500);
    }
    const repositories = Object.values(templates).flatMap((one) => resourcesOf(one, "AWS::ECR::Repository"));
    expect(new Set(repositories.map(({ Properties }) => Properties.RepositoryName)).size).toBe(500);
  });

  it("has a Lambda whose environment is below 4 KB, and which may read its mapping where that then is", () => {
    const area = templates["area-staging"];
    const { Variables } = onlyResource(area, "AWS::Lambda::Function").Properties.Environment;
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(Variables.WINDLASS_MAPPING) ?? [];

    expect(Buffer.byteLength(JSON.stringify(Variables))).toBeLessThan(4096);
    expect(bucket).toBe("cdk-hnb659fds-assets-333333333333-ap-southeast-2");
    expect(JSON.stringify(area)).toContain(`"arn:aws:s3:::${bucket}/${key}"`);
  });

  it("has roles whose policies IAM takes: 10,240 characters inline, 6,144 managed", () => {
    for (const template of Object.values(templates)) {
      for (const { Properties } of resourcesOf(template, "AWS::IAM::Role")) {
        expect(JSON.stringify(Properties.Policies ?? []).length).toBeLessThan(10_240);
      }
      for (const { Properties } of resourcesOf(template, "AWS::IAM::ManagedPolicy")) {
        expect(JSON.stringify(Properties.PolicyDocument).length).toBeLessThan(6_144);
      }
    }
  });
});
