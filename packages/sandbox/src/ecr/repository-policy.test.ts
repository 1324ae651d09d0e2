import {
  BatchGetImageCommand,
  DeleteRepositoryPolicyCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetRepositoryPolicyCommand,
  SetRepositoryPolicyCommand,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { createRegistry, pipeline, scratch } from "./testing/registry-fixture.ts";

const repositoryName = "dga-web";
const roleArn = `arn:aws:iam::${scratch}:role/deploy-lambda`;
const sessionArn = `arn:aws:sts::${scratch}:assumed-role/deploy-lambda/tick`;
const root = { AWS: `arn:aws:iam::${scratch}:root` };

type Statement = Readonly<Record<string, unknown>>;

function allow(members: Statement = {}): Statement {
  return { Effect: "Allow", Principal: root, Action: "ecr:BatchGetImage", ...members };
}

function deny(members: Statement = {}): Statement {
  return allow({ Effect: "Deny", ...members });
}

/** Reads an image of the pipeline account as the deploy Lambda of another account. */
async function readUnder(...statements: readonly Statement[]): Promise<"allowed" | "denied"> {
  const { registry, foreigner } = createRegistry();
  registry.pushImage({ repository: repositoryName, tags: ["scratch"] });
  registry.setPolicy(repositoryName, { Version: "2012-10-17", Statement: statements });
  const command = new BatchGetImageCommand({
    repositoryName,
    registryId: pipeline,
    imageIds: [{ imageTag: "scratch" }],
  });
  try {
    const { images } = await foreigner.send(command);
    return images?.length === 1 ? "allowed" : "denied";
  } catch (error) {
    if (error instanceof Error && error.name === "AccessDeniedException") return "denied";
    throw error;
  }
}

describe("a repository policy, asked by another account", () => {
  it.each<[string, Statement]>([
    ["its account id", allow({ Principal: { AWS: scratch } })],
    ["its account's root", allow()],
    ["its role", allow({ Principal: { AWS: roleArn } })],
    ["its session", allow({ Principal: { AWS: sessionArn } })],
    ["one of several", allow({ Principal: { AWS: ["333333333333", scratch] } })],
    ["everybody", allow({ Principal: "*" })],
    ["everybody on AWS", allow({ Principal: { AWS: "*" } })],
    ["everybody but another", allow({ Principal: undefined, NotPrincipal: { AWS: "333333333333" } })],
    ["an action of several", allow({ Action: ["ecr:ListImages", "ecr:BatchGetImage"] })],
    ["actions by wildcard", allow({ Action: "ecr:Batch*" })],
    ["actions in other letters", allow({ Action: "ecr:batchgetimage" })],
    ["all actions but some", allow({ Action: undefined, NotAction: "ecr:Put*" })],
    ["its role by condition", allow({ Condition: { ArnEquals: { "aws:PrincipalArn": roleArn } } })],
    ["its role by pattern", allow({ Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/deploy-*" } } })],
    ["its account by condition", allow({ Condition: { StringEquals: { "aws:PrincipalAccount": ["1", scratch] } } })],
    ["its account by pattern", allow({ Condition: { StringLike: { "AWS:principalaccount": "2222*" } } })],
  ])("lets in whom it allows: %s", async (_, statement) => {
    expect(await readUnder(statement)).toBe("allowed");
  });

  it.each<[string, Statement]>([
    ["another account", allow({ Principal: { AWS: "333333333333" } })],
    ["another role", allow({ Principal: { AWS: `arn:aws:iam::${scratch}:role/other` } })],
    ["another session", allow({ Principal: { AWS: sessionArn.replace("tick", "tock") } })],
    ["a service", allow({ Principal: { Service: "lambda.amazonaws.com" } })],
    ["everybody but it", allow({ Principal: undefined, NotPrincipal: { AWS: scratch } })],
    ["another action", allow({ Action: "ecr:DescribeImages" })],
    ["all actions but this", allow({ Action: undefined, NotAction: ["ecr:BatchGetImage"] })],
    ["another role by condition", allow({ Condition: { ArnEquals: { "aws:PrincipalArn": `${roleArn}-2` } } })],
    ["a pattern over a colon", allow({ Condition: { ArnLike: { "aws:PrincipalArn": "arn:*:role/deploy-lambda" } } })],
    ["text equality with a wildcard", allow({ Condition: { StringEquals: { "aws:PrincipalArn": `${roleArn}*` } } })],
    [
      "only one of two conditions",
      allow({
        Condition: {
          StringEquals: { "aws:PrincipalAccount": scratch },
          ArnLike: { "aws:PrincipalArn": "arn:aws:iam::1:role/x" },
        },
      }),
    ],
    ["a condition with an unknown key", allow({ Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } } })],
    ["a condition with an unknown operator", allow({ Condition: { IpAddress: { "aws:PrincipalAccount": scratch } } })],
  ])("keeps out whom it does not allow: %s", async (_, statement) => {
    expect(await readUnder(statement)).toBe("denied");
  });

  it.each<[string, Statement, "allowed" | "denied"]>([
    ["over any allow", deny(), "denied"],
    ["of another action not", deny({ Action: "ecr:PutImage" }), "allowed"],
    ["of another account not", deny({ Principal: { AWS: "333333333333" } }), "allowed"],
    [
      "under a condition that holds",
      deny({ Condition: { StringEquals: { "aws:PrincipalAccount": scratch } } }),
      "denied",
    ],
    [
      "under a condition that does not hold not",
      deny({ Condition: { StringEquals: { "aws:PrincipalAccount": "1" } } }),
      "allowed",
    ],
    [
      "under a condition that nobody can judge",
      deny({ Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      "denied",
    ],
  ])("denies %s", async (_, statement, expected) => {
    expect(await readUnder(allow(), statement)).toBe(expected);
  });

  it("knows the organization that an account is in", async () => {
    const { registry, foreigner } = createRegistry();
    const statement = allow({ Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } });
    registry.setPolicy(repositoryName, { Version: "2012-10-17", Statement: [statement] });
    const read = () =>
      foreigner.send(new BatchGetImageCommand({ repositoryName, registryId: pipeline, imageIds: [{ imageTag: "x" }] }));

    await expect(read()).rejects.toMatchObject({ name: "AccessDeniedException" });
    registry.joinOrganization("o-1", [scratch]);

    expect((await read()).failures).toHaveLength(1);
  });
});

describe("access to a repository", () => {
  it("is refused to other accounts without a policy, in AWS's words", async () => {
    const { foreigner, sandbox } = createRegistry();
    const read = foreigner.send(
      new BatchGetImageCommand({ repositoryName, registryId: pipeline, imageIds: [{ imageTag: "scratch" }] }),
    );

    await expect(read).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: `User: ${sessionArn} is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:ap-southeast-2:${pipeline}:repository/dga-web because no resource-based policy allows the ecr:BatchGetImage action`,
    });
    const user = new ECRClient({ ...sandbox.clientConfig({ account: scratch }), maxAttempts: 1 });
    const describeImages = user.send(new DescribeImagesCommand({ repositoryName, registryId: pipeline }));
    await expect(describeImages).rejects.toThrow(`User: arn:aws:iam::${scratch}:user/sandbox is not authorized`);
  });

  it("tells other accounts, too, that a repository does not exist", async () => {
    const { foreigner } = createRegistry();

    const read = foreigner.send(new DescribeImagesCommand({ repositoryName: "nothing", registryId: pipeline }));

    await expect(read).rejects.toMatchObject({ name: "RepositoryNotFoundException" });
  });

  it("is per region: the same name elsewhere is another repository", async () => {
    const { sandbox } = createRegistry();
    const elsewhere = new ECRClient({
      ...sandbox.clientConfig({ account: pipeline, region: "us-east-1" }),
      maxAttempts: 1,
    });

    const read = elsewhere.send(new DescribeImagesCommand({ repositoryName }));

    await expect(read).rejects.toMatchObject({ name: "RepositoryNotFoundException" });
  });

  it("is free inside the account, but for what the policy denies", async () => {
    const { owner, registry } = createRegistry();
    await owner.send(new DescribeImagesCommand({ repositoryName }));

    registry.setPolicy(repositoryName, {
      Version: "2012-10-17",
      Statement: [deny({ Principal: "*", Action: "ecr:DescribeImages" })],
    });

    await expect(owner.send(new DescribeImagesCommand({ repositoryName }))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("with an explicit deny in a resource-based policy"),
    });
  });

  it("to the list of repositories can not be given to another account, to a named one it can", async () => {
    const { foreigner, registry } = createRegistry();
    registry.setPolicy(repositoryName, { Version: "2012-10-17", Statement: [allow({ Action: "ecr:*" })] });

    const all = foreigner.send(new DescribeRepositoriesCommand({ registryId: pipeline }));
    const named = await foreigner.send(
      new DescribeRepositoriesCommand({ registryId: pipeline, repositoryNames: [repositoryName] }),
    );

    await expect(all).rejects.toThrow(`arn:aws:ecr:ap-southeast-2:${pipeline}:repository/* because no resource-based`);
    expect(named.repositories).toHaveLength(1);
  });
});

describe("a repository policy's text", () => {
  it("is given back as it was set, and gone when it is deleted", async () => {
    const { owner } = createRegistry();
    const policyText = JSON.stringify({ Version: "2012-10-17", Statement: allow() }, null, 2);

    await owner.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
    const read = await owner.send(new GetRepositoryPolicyCommand({ repositoryName }));
    await owner.send(new DeleteRepositoryPolicyCommand({ repositoryName }));

    expect(read.policyText).toBe(policyText);
    const gone = owner.send(new GetRepositoryPolicyCommand({ repositoryName }));
    await expect(gone).rejects.toMatchObject({ name: "RepositoryPolicyNotFoundException" });
  });

  it.each([
    ["no JSON", "Allow all"],
    ["no statements", "{}"],
    ["no effect", JSON.stringify({ Statement: [allow({ Effect: "allow" })] })],
    ["no principal", JSON.stringify({ Statement: [allow({ Principal: undefined })] })],
    ["no action", JSON.stringify({ Statement: [allow({ Action: undefined })] })],
    ["more than 10,240 characters", JSON.stringify({ Statement: [allow({ Sid: "x".repeat(10_240) })] })],
  ])("is refused with %s", async (_, policyText) => {
    const { owner } = createRegistry();

    const set = owner.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));

    await expect(set).rejects.toMatchObject({ name: "InvalidParameterException" });
  });
});
