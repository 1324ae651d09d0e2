import {
  BatchDeleteImageCommand,
  DescribeImagesCommand,
  ListImagesCommand,
  UpdateImageStorageClassCommand,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { bareManifest, createRegistry, sha256 } from "./testing/registry-fixture.ts";

const repositoryName = "dga-web";

function withImages(count: number) {
  const registry = createRegistry();
  for (let number = 0; number < count; number += 1) {
    registry.registry.pushImage({ repository: repositoryName, manifest: bareManifest(number), tags: [`t${number}`] });
  }
  return registry;
}

describe("DescribeImages", () => {
  it("fails as a whole when one of the tags is not there", async () => {
    const { owner } = withImages(1);

    const both = owner.send(
      new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: "t0" }, { imageTag: "gone" }] }),
    );

    await expect(both).rejects.toMatchObject({
      name: "ImageNotFoundException",
      message:
        "The image with imageId {imageDigest:'null', imageTag:'gone'} does not exist within the repository with name 'dga-web' in the registry with id '111111111111'",
    });
  });

  it("tells all tags, the time of the push and the size of an image", async () => {
    const { owner, registry } = createRegistry();
    const pushedAt = new Date("2026-11-01T10:00:00.500Z");
    const digest = registry.pushImage({ repository: repositoryName, tags: ["scratch", "git_cc83ec5"], pushedAt });

    const { imageDetails } = await owner.send(
      new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest: digest }] }),
    );

    expect(imageDetails).toMatchObject([
      {
        imageDigest: digest,
        imageTags: ["scratch", "git_cc83ec5"],
        imagePushedAt: pushedAt,
        imageManifestMediaType: "application/vnd.oci.image.manifest.v1+json",
        artifactMediaType: "application/vnd.oci.image.config.v1+json",
        imageStatus: "ACTIVE",
      },
    ]);
    expect(imageDetails?.[0]?.imageSizeInBytes).toBeGreaterThan(100);
  });

  it("gives 100 images on a page by default, 1,000 at most, each image once", async () => {
    const { owner } = withImages(1_150);
    const digests: string[] = [];
    const sizes: number[] = [];

    for (let nextToken: string | undefined, first = true; first || nextToken !== undefined; first = false) {
      const answer = await owner.send(new DescribeImagesCommand({ repositoryName, maxResults: 1_000, nextToken }));
      sizes.push(answer.imageDetails?.length ?? 0);
      digests.push(...(answer.imageDetails ?? []).map(({ imageDigest }) => imageDigest ?? ""));
      nextToken = answer.nextToken;
    }

    expect(sizes).toEqual([1_000, 150]);
    expect(new Set(digests).size).toBe(1_150);
    const { imageDetails } = await owner.send(new DescribeImagesCommand({ repositoryName }));
    expect(imageDetails).toHaveLength(100);
    const tooMany = owner.send(new DescribeImagesCommand({ repositoryName, maxResults: 1_001 }));
    await expect(tooMany).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("has no pages with image ids, and knows its own tokens only", async () => {
    const { owner } = withImages(1);

    const paged = owner.send(
      new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: "t0" }], maxResults: 10 }),
    );
    const foreign = owner.send(new DescribeImagesCommand({ repositoryName, nextToken: "cGFnZQ" }));

    await expect(paged).rejects.toMatchObject({ name: "InvalidParameterException" });
    await expect(foreign).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("shows archived images only to those who ask for them", async () => {
    const { owner } = withImages(2);
    const archive = new UpdateImageStorageClassCommand({
      repositoryName,
      imageId: { imageTag: "t0" },
      targetStorageClass: "ARCHIVE",
    });
    const { imageStatus } = await owner.send(archive);

    const active = await owner.send(new DescribeImagesCommand({ repositoryName }));
    const archived = await owner.send(
      new DescribeImagesCommand({ repositoryName, filter: { imageStatus: "ARCHIVED" } }),
    );
    const byTag = owner.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: "t0" }] }));

    expect(imageStatus).toBe("ARCHIVED");
    expect(active.imageDetails?.map(({ imageTags }) => imageTags)).toEqual([["t1"]]);
    expect(archived.imageDetails?.map(({ imageTags }) => imageTags)).toEqual([["t0"]]);
    await expect(byTag).rejects.toMatchObject({ name: "ImageNotFoundException" });
  });

  it.each([
    ["TAGGED", ["t0", "t1"]],
    ["UNTAGGED", []],
    ["ANY", ["t0", "t1"]],
  ] as const)("filters by tag status %s", async (tagStatus, tags) => {
    const { owner, registry } = withImages(2);
    registry.pushImage({ repository: repositoryName });

    const { imageDetails } = await owner.send(new DescribeImagesCommand({ repositoryName, filter: { tagStatus } }));

    expect(imageDetails?.flatMap(({ imageTags }) => imageTags ?? []).sort()).toEqual(tags);
    expect(imageDetails).toHaveLength({ TAGGED: 2, UNTAGGED: 1, ANY: 3 }[tagStatus]);
  });
});

describe("ListImages", () => {
  it("gives each tag of an image, and an image without tags by its digest alone", async () => {
    const { owner, registry } = createRegistry();
    const tagged = registry.pushImage({ repository: repositoryName, tags: ["a", "b"] });
    const untagged = registry.pushImage({ repository: repositoryName });

    const { imageIds } = await owner.send(new ListImagesCommand({ repositoryName }));

    expect(imageIds).toHaveLength(3);
    expect(imageIds).toContainEqual({ imageDigest: tagged, imageTag: "a" });
    expect(imageIds).toContainEqual({ imageDigest: tagged, imageTag: "b" });
    expect(imageIds).toContainEqual({ imageDigest: untagged });
  });

  it("has pages, and a filter for untagged images", async () => {
    const { owner, registry } = withImages(3);
    registry.pushImage({ repository: repositoryName });

    const first = await owner.send(new ListImagesCommand({ repositoryName, maxResults: 3 }));
    const second = await owner.send(
      new ListImagesCommand({ repositoryName, maxResults: 3, nextToken: first.nextToken }),
    );
    const untagged = await owner.send(new ListImagesCommand({ repositoryName, filter: { tagStatus: "UNTAGGED" } }));

    expect([first.imageIds?.length, second.imageIds?.length, second.nextToken]).toEqual([3, 1, undefined]);
    expect(untagged.imageIds).toHaveLength(1);
  });
});

describe("BatchDeleteImage", () => {
  it("takes an image away with its last tag, and not before", async () => {
    const { owner, registry } = createRegistry();
    const digest = registry.pushImage({ repository: repositoryName, tags: ["a", "b"] });
    const remove = (imageTag: string) =>
      owner.send(new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageTag }] }));

    await remove("a");
    expect(registry.images(repositoryName)).toMatchObject([{ digest, tags: ["b"] }]);
    await remove("b");

    expect(registry.images(repositoryName)).toEqual([]);
    expect(registry.digestOf(repositoryName, "b")).toBeNull();
  });

  it("takes an image away by its digest with all its tags, and lists what it did not find", async () => {
    const { owner, registry } = createRegistry();
    const digest = registry.pushImage({ repository: repositoryName, tags: ["a", "b"] });
    const imageIds = [{ imageDigest: digest }, { imageDigest: sha256("nothing") }];

    const answer = await owner.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));

    expect(answer.imageIds).toHaveLength(2);
    expect(answer.failures).toMatchObject([{ failureCode: "ImageNotFound" }]);
  });

  it("keeps an image that an index names", async () => {
    const { owner, registry } = createRegistry();
    registry.pushImage({ repository: repositoryName, tags: ["multi"], index: ["linux/amd64"] });
    const child = registry.images(repositoryName).find(({ tags }) => tags.length === 0);

    const { failures } = await owner.send(
      new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageDigest: child?.digest }] }),
    );

    expect(failures).toMatchObject([{ failureCode: "ImageReferencedByManifestList" }]);
  });
});
