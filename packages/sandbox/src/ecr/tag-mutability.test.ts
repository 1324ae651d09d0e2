import {
  CreateRepositoryCommand,
  type ImageTagMutability,
  PutImageCommand,
  PutImageTagMutabilityCommand,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { bareManifest, createRegistry } from "./testing/registry-fixture.ts";

async function createWith(imageTagMutability: ImageTagMutability, filters: readonly string[] = []) {
  const registry = createRegistry();
  const imageTagMutabilityExclusionFilters = filters.map((filter) => ({ filterType: "WILDCARD" as const, filter }));
  const { repository } = await registry.owner.send(
    new CreateRepositoryCommand({
      repositoryName: "app",
      imageTagMutability,
      ...(filters.length === 0 ? {} : { imageTagMutabilityExclusionFilters }),
    }),
  );
  return { ...registry, repository };
}

async function moveTag({ owner }: Awaited<ReturnType<typeof createWith>>, imageTag: string) {
  for (const number of [1, 2]) {
    const imageManifest = bareManifest(number, { tag: imageTag });
    await owner.send(new PutImageCommand({ repositoryName: "app", imageManifest, imageTag }));
  }
}

describe("tag mutability", () => {
  it("is shown as it was asked for", async () => {
    const { repository } = await createWith("IMMUTABLE_WITH_EXCLUSION", ["area-*"]);

    expect(repository).toMatchObject({
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "area-*" }],
    });
  });

  it.each<[ImageTagMutability, readonly string[], string]>([
    ["IMMUTABLE", [], "scratch"],
    ["IMMUTABLE_WITH_EXCLUSION", ["area-*"], "git_cc83ec5"],
    ["IMMUTABLE_WITH_EXCLUSION", ["area-*"], "area"],
    ["IMMUTABLE_WITH_EXCLUSION", ["area-*"], "my-area-x"],
    ["IMMUTABLE_WITH_EXCLUSION", ["a.c"], "abc"],
    ["MUTABLE_WITH_EXCLUSION", ["v*"], "v1"],
  ])("%s with %j does not move %s", async (mutability, filters, tag) => {
    const registry = await createWith(mutability, filters);

    await expect(moveTag(registry, tag)).rejects.toMatchObject({
      name: "ImageTagAlreadyExistsException",
      message: `The image tag '${tag}' already exists in the 'app' repository and cannot be overwritten because the tag is immutable.`,
    });
  });

  it.each<[ImageTagMutability, readonly string[], string]>([
    ["MUTABLE", [], "scratch"],
    ["IMMUTABLE_WITH_EXCLUSION", ["area-*"], "area-scratch"],
    ["IMMUTABLE_WITH_EXCLUSION", ["area-*"], "area-"],
    ["IMMUTABLE_WITH_EXCLUSION", ["release", "*-latest"], "web-latest"],
    ["MUTABLE_WITH_EXCLUSION", ["v*"], "latest"],
  ])("%s with %j moves %s", async (mutability, filters, tag) => {
    const registry = await createWith(mutability, filters);

    await moveTag(registry, tag);

    expect(registry.registry.images("app").map(({ tags }) => tags)).toContainEqual([tag]);
  });

  it.each<[string, ImageTagMutability, readonly string[]]>([
    ["six filters", "IMMUTABLE_WITH_EXCLUSION", ["a", "b", "c", "d", "e", "f"]],
    ["three wildcards in one filter", "IMMUTABLE_WITH_EXCLUSION", ["*a*b*"]],
    ["a character that tags do not have", "IMMUTABLE_WITH_EXCLUSION", ["area/*"]],
    ["filters without exclusion", "IMMUTABLE", ["area-*"]],
    ["exclusion without filters", "IMMUTABLE_WITH_EXCLUSION", []],
  ])("refuses %s", async (_, mutability, filters) => {
    await expect(createWith(mutability, filters)).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("can be changed, and then counts for tags that are there already", async () => {
    const registry = await createWith("MUTABLE");
    await moveTag(registry, "scratch");

    await registry.owner.send(
      new PutImageTagMutabilityCommand({ repositoryName: "app", imageTagMutability: "IMMUTABLE" }),
    );

    const put = new PutImageCommand({ repositoryName: "app", imageManifest: bareManifest(3), imageTag: "scratch" });
    await expect(registry.owner.send(put)).rejects.toMatchObject({ name: "ImageTagAlreadyExistsException" });
  });
});
