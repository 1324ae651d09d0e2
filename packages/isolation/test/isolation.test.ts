import { describe, expect, it } from "vitest";
import { checkIsolation } from "../src/index.ts";
import {
  allow,
  check,
  codesOf,
  granting,
  organisation,
  PIPELINE,
  PRODUCTION,
  policy,
  REGION,
  role,
  SCRATCH,
} from "./support/organisation.ts";

const reads = ["ecr:BatchGetImage", "ecr:DescribeImages"];
const lambda = (account: string) => `arn:aws:iam::${account}:role/windlass-lambda`;
const roots = [SCRATCH, PRODUCTION].map((account) => `arn:aws:iam::${account}:root`);
const repository = (...statements: readonly object[]) => ({
  Type: "AWS::ECR::Repository",
  Properties: { RepositoryName: "dga-network", RepositoryPolicyText: policy(...statements) },
});
const readers = (...arns: readonly string[]) =>
  allow(reads, { Principal: { AWS: roots }, Condition: { ArnEquals: { "aws:PrincipalArn": arns } } });
const reader = role(
  "windlass-lambda",
  granting(allow(reads, { Resource: `arn:aws:ecr:${REGION}:${PIPELINE}:repository/dga-network` })),
);

describe("areas that read images of the pipeline account", () => {
  it("are all that the pipeline account lets in", () => {
    const report = check({
      pipeline: { Repository: repository(readers(lambda(SCRATCH), lambda(PRODUCTION))) },
      scratch: { Lambda: reader },
      production: { Lambda: reader },
    });

    expect(report.findings).toEqual([]);
    expect(report.table.filter(({ answer }) => answer === "reads")).toHaveLength(4);
    expect(report.examined).toMatchObject({ accounts: 3, requests: report.table.length });
    expect(report.examined.principals).toBeGreaterThan(8);
  });

  it("may have further roles that read, if they are named", () => {
    const other = `arn:aws:iam::${PRODUCTION}:role/dga-web`;

    expect(codesOf(check({ pipeline: { Repository: repository(readers(other)) } }))).toEqual([]);
  });

  it.each([
    ["any role of theirs", readers(`arn:aws:iam::${PRODUCTION}:role/*`), "open-to-account"],
    ["a role of nobody", allow(reads, { Principal: { AWS: "arn:aws:iam::999999999999:role/r" } }), "open-to-strangers"],
    ["their roots", allow(reads, { Principal: { AWS: roots } }), "open-to-account"],
    ["more than reads", allow("ecr:*", { Principal: { AWS: lambda(PRODUCTION) } }), "open-to-account"],
  ])("are not %s", (_, statement, code) => {
    const report = check({ pipeline: { Repository: repository(statement) }, production: { Lambda: reader } });

    expect(codesOf(report)).toContain(code);
  });

  it("are no roles that do not ask for it themselves", () => {
    const report = check({
      pipeline: { Repository: repository(readers(lambda(PRODUCTION))) },
      production: { Lambda: role("windlass-lambda") },
    });

    expect(codesOf(report)).toEqual(["reads-too-much", "reads-too-much"]);
    expect(report.findings[0]?.why).toContain("windlass-lambda may ecr:batchgetimage on ");
  });
});

describe("a role with rights that nobody knows", () => {
  it("may read what it is let read", () => {
    const unknown = role("windlass-lambda", { ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] });
    const report = check({
      pipeline: { Repository: repository(readers(lambda(PRODUCTION))) },
      production: { Lambda: unknown },
    });

    expect(codesOf(report)).toEqual(["rights-unknown"]);
  });
});

describe("a trust", () => {
  const github = "token.actions.githubusercontent.com";
  const federated = (Condition?: object) =>
    role("windlass-publisher-github", {
      AssumeRolePolicyDocument: policy(
        allow("sts:AssumeRoleWithWebIdentity", {
          Principal: { Federated: `arn:aws:iam::${PIPELINE}:oidc-provider/${github}` },
          ...(Condition === undefined ? {} : { Condition }),
        }),
      ),
    });
  const audience = { [`${github}:aud`]: "sts.amazonaws.com" };
  const subject = (...values: readonly string[]) => ({ StringLike: { [`${github}:sub`]: values } });

  it.each([
    ["of some workflows", { StringEquals: audience, ...subject("repo:AusDTO/dga-network:*") }, []],
    ["without a condition", undefined, ["open-to-federation"]],
    ["without a subject", { StringEquals: audience }, ["open-to-federation"]],
    ["of no subjects", { StringEquals: audience, ...subject() }, ["open-to-federation"]],
    ["of any organisation", { StringEquals: audience, ...subject("repo:*/dga-network:*") }, ["open-to-federation"]],
    ["without an audience", subject("repo:AusDTO/dga-network:*"), ["open-to-federation"]],
    [
      "of any audience",
      { StringLike: { [`${github}:aud`]: "*", [`${github}:sub`]: "repo:AusDTO/x:y" } },
      ["open-to-federation"],
    ],
    [
      "where there is a subject",
      { StringEquals: audience, StringLikeIfExists: { [`${github}:sub`]: "repo:AusDTO/x:y" } },
      ["open-to-federation"],
    ],
  ])("in the pipeline account %s", (_, condition, codes) => {
    expect(codesOf(check({ pipeline: { Role: federated(condition) } }))).toEqual(codes);
  });

  it("of an identity provider is none of an area's", () => {
    const right = { StringEquals: audience, ...subject("repo:AusDTO/dga-network:*") };
    const { findings } = check({ production: { Role: federated(right) } });

    expect(findings).toEqual([expect.objectContaining({ code: "open-to-federation" })]);
    expect(findings[0]?.why).toContain("production (444444444444)");
  });

  it("of a service needs the account, but for those that roles are passed to", () => {
    const trusting = (Service: string) =>
      role("r", { AssumeRolePolicyDocument: policy(allow("sts:AssumeRole", { Principal: { Service } })) });

    expect(codesOf(check({ production: { Role: trusting("lambda.amazonaws.com") } }))).toEqual([]);
    expect(codesOf(check({ production: { Role: trusting("scheduler.amazonaws.com") } }))).toEqual(["open-to-service"]);
  });
});

describe("an account", () => {
  it("that is pipeline and area at once is held to both", () => {
    const [pipeline, scratch] = organisation({ production: { Lambda: reader } });
    const both = [pipeline, scratch].flatMap((template) =>
      template === undefined ? [] : [{ ...template, account: PIPELINE }],
    );

    const { findings, examined } = checkIsolation([
      ...both,
      ...organisation({
        production: {
          Planted: {
            Type: "AWS::KMS::Key",
            Properties: { KeyPolicy: policy(allow("kms:*", { Principal: { AWS: PIPELINE } })) },
          },
        },
      }).slice(2),
    ]);

    expect(examined.accounts).toBe(2);
    expect(findings.map(({ code }) => code)).toEqual(["open-to-account"]);
  });

  it("of China has principals of its partition", () => {
    const place = { region: "cn-north-1", stack: "s", role: { kind: "area", area: "a" } } as const;
    const trust = policy(allow("sts:AssumeRole", { Principal: { AWS: "arn:aws-cn:iam::111111111111:root" } }));
    const Resources = { Role: role("r", { AssumeRolePolicyDocument: trust }) };

    const { findings } = checkIsolation([{ ...place, account: PRODUCTION, template: { Resources } }]);

    expect(findings[0]?.why).toContain("arn:aws-cn:iam::111111111111:root");
  });

  it("without anything is in order", () => {
    expect(checkIsolation([])).toMatchObject({ findings: [], table: [] });
  });
});
