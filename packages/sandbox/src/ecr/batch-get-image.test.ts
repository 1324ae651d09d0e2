import { BatchGetImageCommand, type ImageIdentifier } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { createRegistry, pipeline, scratch, sha256 } from "./testing/registry-fixture.ts";

const repositoryName = "dga-web";
const ociImage = "application/vnd.oci.image.manifest.v1+json";
const ociIndex = "application/vnd.oci.image.index.v1+json";
const dockerImage = "application/vnd.docker.distribution.manifest.v2+json";

function withImage() {
  const registry = createRegistry();
  const digest = registry.registry.pushImage({ repository: repositoryName, tags: ["scratch"] });
  const get = (imageIds: ImageIdentifier[], acceptedMediaTypes?: string[]) =>
    registry.owner.send(new BatchGetImageCommand({ repositoryName, imageIds, acceptedMediaTypes }));
  return { ...registry, digest, get };
}

describe("BatchGetImage", () => {
  it("gives the manifest behind a tag, with its digest", async () => {
    const { get, digest } = withImage();

    const { images, failures } = await get([{ imageTag: "scratch" }]);

    expect(failures).toEqual([]);
    expect(images).toMatchObject([
      { registryId: pipeline, repositoryName, imageId: { imageDigest: digest, imageTag: "scratch" } },
    ]);
    expect(sha256(images?.[0]?.imageManifest ?? "")).toBe(digest);
  });

  it("answers partly: each image that it can not give is a failure of its own", async () => {
    const { get, digest, registry } = withImage();
    const other = registry.pushImage({ repository: repositoryName, tags: ["staging"] });

    const { images, failures } = await get([
      { imageTag: "gone" },
      { imageTag: "scratch" },
      { imageDigest: sha256("nothing") },
      { imageDigest: "sha256-cut" },
      { imageTag: "scratch", imageDigest: other },
      { imageTag: "no tag" },
      {},
    ]);

    expect(images?.map(({ imageId }) => imageId?.imageDigest)).toEqual([digest]);
    expect(failures?.map(({ failureCode }) => failureCode)).toEqual([
      "ImageNotFound",
      "ImageNotFound",
      "InvalidImageDigest",
      "ImageTagDoesNotMatchDigest",
      "InvalidImageTag",
      "MissingDigestAndTag",
    ]);
    expect(failures?.[0]).toEqual({
      imageId: { imageTag: "gone" },
      failureCode: "ImageNotFound",
      failureReason: "Requested image not found",
    });
  });

  it.each([0, 101])("refuses %i ids", async (count) => {
    const { get } = withImage();

    const ids = Array.from({ length: count }, (_, index) => ({ imageTag: `t${index}` }));

    await expect(get(ids)).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("looks into the caller's own registry unless it is told another one", async () => {
    const { foreigner, registry } = withImage();
    registry.setPolicy(repositoryName, {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: scratch }, Action: "ecr:BatchGetImage" }],
    });
    const imageIds = [{ imageTag: "scratch" }];

    const own = foreigner.send(new BatchGetImageCommand({ repositoryName, imageIds }));
    const theirs = await foreigner.send(new BatchGetImageCommand({ repositoryName, imageIds, registryId: pipeline }));

    await expect(own).rejects.toMatchObject({
      name: "RepositoryNotFoundException",
      message: `The repository with name 'dga-web' does not exist in the registry with id '${scratch}'`,
    });
    expect(theirs.images).toHaveLength(1);
  });

  it("does not give an archived image, nor one that is being restored", async () => {
    const { get, registry, digest, clock } = withImage();
    registry.archiveImage(repositoryName, digest);
    const archived = await get([{ imageTag: "scratch" }]);
    registry.restoreImage(repositoryName, digest);
    const restoring = await get([{ imageDigest: digest }]);
    await clock.advance(20 * 60_000);
    const restored = await get([{ imageTag: "scratch" }]);

    expect(archived.failures).toMatchObject([{ failureCode: "ImageInaccessible" }]);
    expect(restoring.failures).toMatchObject([{ failureCode: "ImageInaccessible" }]);
    expect(restored.images).toHaveLength(1);
  });
});

describe("acceptedMediaTypes", () => {
  it("gets the index behind a tag when indexes are among them", async () => {
    const { get, registry } = withImage();
    const digest = registry.pushImage({
      repository: repositoryName,
      tags: ["multi"],
      index: ["linux/amd64", "linux/arm64"],
    });

    const { images } = await get([{ imageTag: "multi" }], [ociImage, ociIndex]);

    expect(images).toMatchObject([{ imageManifestMediaType: ociIndex, imageId: { imageDigest: digest } }]);
    const { manifests } = JSON.parse(images?.[0]?.imageManifest ?? "{}");
    expect(manifests.map((entry: { platform: object }) => entry.platform)).toEqual([
      { os: "linux", architecture: "amd64" },
      { os: "linux", architecture: "arm64" },
      { os: "unknown", architecture: "unknown" },
      { os: "unknown", architecture: "unknown" },
    ]);
  });

  it("gets one platform's image, with a digest that the tag is not on, when indexes are not", async () => {
    const { get, registry } = withImage();
    const index = registry.pushImage({ repository: repositoryName, tags: ["multi"], index: ["linux/amd64"] });

    const { images } = await get([{ imageTag: "multi" }], [ociImage]);

    expect(images).toMatchObject([{ imageManifestMediaType: ociImage, imageId: { imageTag: "multi" } }]);
    expect(images?.[0]?.imageId?.imageDigest).not.toBe(index);
    expect(images?.[0]?.imageId?.imageDigest).toBe(sha256(images?.[0]?.imageManifest ?? ""));
  });

  it("gets a translation, with another digest, when only the other kind of image is among them", async () => {
    const { get, digest } = withImage();

    const { images } = await get([{ imageTag: "scratch" }], [dockerImage]);

    expect(images).toMatchObject([{ imageManifestMediaType: dockerImage }]);
    expect(images?.[0]?.imageId?.imageDigest).toBe(sha256(images?.[0]?.imageManifest ?? ""));
    expect(images?.[0]?.imageId?.imageDigest).not.toBe(digest);
  });

  it("gets no translation by digest", async () => {
    const { get, digest } = withImage();

    const { images, failures } = await get([{ imageDigest: digest }], [dockerImage]);

    expect(images).toEqual([]);
    expect(failures).toMatchObject([{ failureCode: "ImageNotFound" }]);
  });
});
