import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  GetLifecyclePolicyCommand,
  PutLifecyclePolicyCommand,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { createRegistry, pipeline, start } from "./testing/registry-fixture.ts";

describe("repositories", () => {
  it("are described as they were created", async () => {
    const { owner } = createRegistry();
    await owner.send(new CreateRepositoryCommand({ repositoryName: "scratch/dga-web" }));

    const { repositories } = await owner.send(
      new DescribeRepositoriesCommand({ repositoryNames: ["scratch/dga-web"] }),
    );

    expect(repositories).toMatchObject([
      {
        repositoryArn: `arn:aws:ecr:ap-southeast-2:${pipeline}:repository/scratch/dga-web`,
        repositoryUri: `${pipeline}.dkr.ecr.ap-southeast-2.amazonaws.com/scratch/dga-web`,
        registryId: pipeline,
        createdAt: new Date(start),
        imageTagMutability: "MUTABLE",
      },
    ]);
  });

  it.each(["a", "Upper", "double//slash", "-start", "end-", "dot..dot"])(
    "are not called %s",
    async (repositoryName) => {
      const { owner } = createRegistry();

      const create = owner.send(new CreateRepositoryCommand({ repositoryName }));

      await expect(create).rejects.toMatchObject({ name: "InvalidParameterException" });
    },
  );

  it("are unique by name", async () => {
    const { owner } = createRegistry();

    const again = owner.send(new CreateRepositoryCommand({ repositoryName: "dga-web" }));

    await expect(again).rejects.toMatchObject({ name: "RepositoryAlreadyExistsException" });
  });

  it("come in pages of 100, and in none when they are named", async () => {
    const { owner, registry } = createRegistry();
    for (let number = 0; number < 120; number += 1) registry.createRepository(`repo-${number}`);

    const first = await owner.send(new DescribeRepositoriesCommand({}));
    const second = await owner.send(new DescribeRepositoriesCommand({ nextToken: first.nextToken }));
    const named = owner.send(new DescribeRepositoriesCommand({ repositoryNames: ["dga-web"], maxResults: 5 }));

    expect([first.repositories?.length, second.repositories?.length, second.nextToken]).toEqual([100, 21, undefined]);
    await expect(named).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("are all there or none is described, when they are named", async () => {
    const { owner } = createRegistry();

    const both = owner.send(new DescribeRepositoriesCommand({ repositoryNames: ["dga-web", "nothing"] }));

    await expect(both).rejects.toMatchObject({ name: "RepositoryNotFoundException" });
  });

  it("go with their images only by force", async () => {
    const { owner, registry } = createRegistry();
    registry.pushImage({ repository: "dga-web" });

    const gentle = owner.send(new DeleteRepositoryCommand({ repositoryName: "dga-web" }));
    await expect(gentle).rejects.toMatchObject({ name: "RepositoryNotEmptyException" });
    await owner.send(new DeleteRepositoryCommand({ repositoryName: "dga-web", force: true }));

    expect(registry.repositories()).toEqual([]);
  });

  it("keep a lifecycle policy, which expires nothing here", async () => {
    const { owner } = createRegistry();
    const lifecyclePolicyText = '{"rules":[]}';
    const read = () => owner.send(new GetLifecyclePolicyCommand({ repositoryName: "dga-web" }));

    await expect(read()).rejects.toMatchObject({ name: "LifecyclePolicyNotFoundException" });
    await owner.send(new PutLifecyclePolicyCommand({ repositoryName: "dga-web", lifecyclePolicyText }));

    expect(await read()).toMatchObject({ lifecyclePolicyText });
  });
});

describe("GetAuthorizationToken", () => {
  it("gives a token for twelve hours", async () => {
    const { owner } = createRegistry();

    const { authorizationData } = await owner.send(new GetAuthorizationTokenCommand({}));

    const [data] = authorizationData ?? [];
    expect(Buffer.from(data?.authorizationToken ?? "", "base64").toString()).toMatch(/^AWS:.+/);
    expect(data?.expiresAt).toEqual(new Date(start + 12 * 3_600_000));
    expect(data?.proxyEndpoint).toBe(`https://${pipeline}.dkr.ecr.ap-southeast-2.amazonaws.com`);
  });
});

describe("direct access to a registry", () => {
  it("makes another image of each push, and the same one of the same manifest", () => {
    const { registry } = createRegistry();
    const push = { repository: "dga-web", tags: ["scratch"], labels: { a: "b" } };

    const first = registry.pushImage(push);
    const second = registry.pushImage(push);

    expect(second).not.toBe(first);
    expect(registry.digestOf("dga-web", "scratch")).toBe(second);
    expect(registry.images("dga-web").map(({ tags }) => tags)).toEqual([[], ["scratch"]]);
  });

  it("moves tags, takes them off and takes images away", () => {
    const { registry } = createRegistry();
    const first = registry.pushImage({ repository: "dga-web", tags: ["scratch"] });
    const second = registry.pushImage({ repository: "dga-web", tags: ["next"] });

    registry.tag("dga-web", "scratch", second);
    registry.tag("dga-web", "scratch", second);
    registry.untag("dga-web", "next");
    registry.deleteImage("dga-web", first);

    expect(registry.images("dga-web")).toMatchObject([{ digest: second, tags: ["scratch"] }]);
    expect(registry.digestOf("dga-web", "next")).toBeNull();
    expect(() => registry.tag("dga-web", "scratch", first)).toThrow("Requested image not found");
  });
});
