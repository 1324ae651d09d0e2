import { checkMapping, formatMapping } from "@windlass/account-mapping";
import { describe, expect, it } from "vitest";
import { InfraError } from "../src/infra-error.ts";
import {
  exampleWith,
  onlyResource,
  type Resource,
  resourcesOf,
  roleNamed,
  synthesize,
  type Template,
} from "./support/templates.ts";

const readers = exampleWith(
  ["    infra: { logRetention: 365 }\n", "    infra: { logRetention: 365, readers: [dga-web-instance] }\n"],
  [
    '    publishers: ["arn:aws:iam::111111111111:role/jenkins"]\n',
    '    publishers: ["arn:aws:iam::111111111111:role/jenkins"]\n    githubActions: { subjects: ["repo:AusDTO/dga-web:ref:refs/heads/Develop"] }\n',
  ],
);
const pipeline = synthesize(readers).templates["pipeline"] as Template;

function repository(template: Template, name: string): Resource["Properties"] {
  const found = resourcesOf(template, "AWS::ECR::Repository").find(
    ({ Properties }) => Properties.RepositoryName === name,
  );
  return found?.Properties;
}

function codeOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof InfraError) return error.code;
    throw error;
  }
  return "none";
}

/** The example with another source and so many areas. */
function mappingWith(areas: number, changes: object) {
  const file = formatMapping(exampleWith()) as { areas: object };
  const named = Array.from({ length: areas }, (_, index) => [
    `a${index}`,
    { branch: `B${index}`, account: `2${String(index).padStart(11, "0")}` },
  ]);
  return checkMapping({ ...file, areas: Object.fromEntries(named), ...changes });
}

describe("a repository of the pipeline", () => {
  it("is there for each image, scans what is pushed, and stays when the stack goes", () => {
    const repositories = resourcesOf(pipeline, "AWS::ECR::Repository");

    expect(repositories.map(({ Properties }) => Properties.RepositoryName)).toEqual([
      "dga-network",
      "dga-site",
      "dga-web",
    ]);
    for (const { DeletionPolicy, Properties } of repositories) {
      expect(DeletionPolicy).toBe("Retain");
      expect(Properties.ImageScanningConfiguration).toEqual({ ScanOnPush: true });
    }
  });

  it("lets the tags of areas and the keep- tags move, and no other", () => {
    const { ImageTagMutability, ImageTagMutabilityExclusionFilters: filters } = repository(pipeline, "dga-web");

    expect(ImageTagMutability).toBe("IMMUTABLE_WITH_EXCLUSION");
    expect(filters).toEqual(
      ["production", "scratch", "staging", "keep-*"].map((pattern) => ({
        ImageTagMutabilityExclusionFilterType: "WILDCARD",
        ImageTagMutabilityExclusionFilterValue: pattern,
      })),
    );
  });

  it("lets exactly the areas' Lambda and deploy instance read a Terraform image", () => {
    const roles = (kind: string) =>
      ["222222222222", "333333333333", "444444444444"].map(
        (account) => `arn:aws:iam::${account}:role/windlass-${kind}`,
      );
    const roots = ["222222222222", "333333333333", "444444444444"].map((account) => `arn:aws:iam::${account}:root`);

    expect(repository(pipeline, "dga-site").RepositoryPolicyText.Statement).toEqual([
      {
        Sid: "AreasLookAtHeads",
        Effect: "Allow",
        Principal: { AWS: roots },
        Action: ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer"],
        Condition: { ArnEquals: { "aws:PrincipalArn": roles("lambda") } },
      },
      {
        Sid: "AreasPull",
        Effect: "Allow",
        Principal: { AWS: roots },
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Condition: { ArnEquals: { "aws:PrincipalArn": roles("instance") } },
      },
    ]);
  });

  it("lets the roles that the mapping names pull an application image, and no deploy instance", () => {
    const [, pull, ...others] = repository(pipeline, "dga-web").RepositoryPolicyText.Statement;

    expect(others).toEqual([]);
    expect(pull).toMatchObject({
      Sid: "AreasPull",
      Principal: { AWS: ["arn:aws:iam::444444444444:root"] },
      Condition: { ArnEquals: { "aws:PrincipalArn": ["arn:aws:iam::444444444444:role/dga-web-instance"] } },
    });
  });

  it("is one for each area and image in the other layout, read by that area alone", () => {
    const { templates } = synthesize(
      exampleWith(['repository: "{image}"', 'repository: "{area}/{image}"'], ['tag: "{area}"', "tag: latest"]),
    );
    const { pipeline: template } = templates;
    const found = repository(template as Template, "staging/dga-web");

    expect(resourcesOf(template, "AWS::ECR::Repository")).toHaveLength(9);
    expect(JSON.stringify(found)).not.toMatch(/222222222222|444444444444/);
    expect(found.ImageTagMutabilityExclusionFilters.map((filter: object) => Object.values(filter)[1])).toEqual([
      "latest",
      "keep-*",
    ]);
  });
});

describe("publishing", () => {
  const policy = onlyResource(pipeline, "AWS::IAM::ManagedPolicy").Properties.PolicyDocument.Statement;

  it("takes ECR alone, and no other role", () => {
    const actions: readonly string[] = policy.flatMap(({ Action }: { Action: string | string[] }) => Action);

    expect(actions.filter((action) => !action.startsWith("ecr:"))).toEqual([]);
    expect(actions.filter((action) => /Delete|Policy|\*/.test(action))).toEqual([]);
    expect(policy).toMatchObject([
      { Action: "ecr:GetAuthorizationToken", Resource: "*" },
      { Resource: ["dga-network", "dga-site", "dga-web"].map((name) => expect.stringMatching(`repository/${name}$`)) },
    ]);
  });

  it("is for whom the mapping names", () => {
    expect(roleNamed(pipeline, "windlass-publisher").Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "arn:aws:iam::111111111111:role/jenkins" } },
    ]);
    expect(roleNamed(pipeline, "windlass-publisher-github").Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: "Allow",
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: {
          Federated: "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com",
        },
        Condition: {
          StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
          StringLike: {
            "token.actions.githubusercontent.com:sub": ["repo:AusDTO/dga-web:ref:refs/heads/Develop"],
          },
        },
      },
    ]);
  });
});

describe("a mapping that ECR or CloudFormation can not take", () => {
  it("is refused with more areas than exceptions from immutability", () => {
    expect(codeOf(() => synthesize(mappingWith(5, {})))).toBe("too-many-moving-tags");
  });

  it("is refused with more readers than a policy can name", () => {
    expect(codeOf(() => synthesize(mappingWith(60, { source: { tag: "area-{area}" } })))).toBe("policy-too-long");
  });

  it("is refused with more repositories than a stack takes", () => {
    const images = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`i${index}`, { kind: "terraform" }]));

    expect(codeOf(() => synthesize(mappingWith(1, { images })))).toBe("too-many-repositories");
  });
});
