import { BatchGetImageCommand, DescribeImagesCommand, PutImageCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { bareManifest, createRegistry, sha256, start } from "./testing/registry-fixture.ts";

const ociImage = "application/vnd.oci.image.manifest.v1+json";
const dockerImage = "application/vnd.docker.distribution.manifest.v2+json";
const repositoryName = "dga-web";

describe("PutImage", () => {
  it("calls an image by the hash of its manifest", async () => {
    const { owner } = createRegistry();

    const { image } = await owner.send(
      new PutImageCommand({ repositoryName, imageManifest: bareManifest(1), imageTag: "scratch" }),
    );

    expect(image?.imageId).toEqual({ imageDigest: sha256(bareManifest(1)), imageTag: "scratch" });
    expect(image?.imageManifestMediaType).toBe(ociImage);
  });

  it("takes the digest that the caller has calculated, and refuses another one", async () => {
    const { owner, registry } = createRegistry();
    const imageManifest = bareManifest(1);

    const right = new PutImageCommand({ repositoryName, imageManifest, imageDigest: sha256(imageManifest) });
    const wrong = new PutImageCommand({ repositoryName, imageManifest, imageDigest: sha256("else"), imageTag: "x" });

    await expect(owner.send(wrong)).rejects.toMatchObject({ name: "ImageDigestDoesNotMatchException" });
    expect(registry.images(repositoryName)).toEqual([]);
    expect((await owner.send(right)).image?.imageId).toEqual({ imageDigest: sha256(imageManifest) });
  });

  it("moves a tag and leaves the image that had it, untagged", async () => {
    const { owner, registry, clock } = createRegistry();
    await owner.send(new PutImageCommand({ repositoryName, imageManifest: bareManifest(1), imageTag: "scratch" }));
    await clock.advance(60_000);

    await owner.send(new PutImageCommand({ repositoryName, imageManifest: bareManifest(2), imageTag: "scratch" }));

    expect(registry.images(repositoryName)).toMatchObject([
      { digest: sha256(bareManifest(1)), tags: [] },
      { digest: sha256(bareManifest(2)), tags: ["scratch"] },
    ]);
  });

  it("adds a tag to an image without moving the time of its push", async () => {
    const { owner, clock } = createRegistry();
    await owner.send(new PutImageCommand({ repositoryName, imageManifest: bareManifest(1), imageTag: "scratch" }));
    await clock.advance(3_600_000);

    await owner.send(new PutImageCommand({ repositoryName, imageManifest: bareManifest(1), imageTag: "staging" }));

    const { imageDetails } = await owner.send(new DescribeImagesCommand({ repositoryName }));
    expect(imageDetails).toMatchObject([{ imageTags: ["scratch", "staging"], imagePushedAt: new Date(start) }]);
  });

  it.each([
    ["with its tag", "scratch"],
    ["without a tag", undefined],
  ])("refuses what is there already, %s", async (_, again) => {
    const { owner } = createRegistry();
    const imageManifest = bareManifest(1);
    await owner.send(new PutImageCommand({ repositoryName, imageManifest, imageTag: "scratch" }));

    const second = owner.send(new PutImageCommand({ repositoryName, imageManifest, imageTag: again }));

    await expect(second).rejects.toMatchObject({ name: "ImageAlreadyExistsException" });
  });

  it.each([
    ["not JSON", "schemaVersion: 2", undefined],
    ["not an object", "[]", undefined],
    ["of another type than the request says", bareManifest(1, { mediaType: ociImage }), dockerImage],
    ["of an unknown type", bareManifest(1, { mediaType: "text/plain" }), undefined],
    ["an index by its type but not by its form", bareManifest(1), "application/vnd.oci.image.index.v1+json"],
    ["an image by its type and an index by its form", bareManifest(1, { manifests: [] }), ociImage],
  ])("refuses a manifest that is %s", async (_, imageManifest, imageManifestMediaType) => {
    const { owner, registry } = createRegistry();

    const put = owner.send(new PutImageCommand({ repositoryName, imageManifest, imageManifestMediaType }));

    await expect(put).rejects.toMatchObject({ name: "InvalidParameterException" });
    expect(registry.images(repositoryName)).toEqual([]);
  });

  it("takes a Docker manifest by the type that is in it", async () => {
    const { owner } = createRegistry();
    const imageManifest = bareManifest(1, { mediaType: dockerImage });

    const { image } = await owner.send(new PutImageCommand({ repositoryName, imageManifest }));

    expect(image?.imageManifestMediaType).toBe(dockerImage);
  });

  it("refuses an index before the images that it names", async () => {
    const { owner } = createRegistry();
    const child = bareManifest(1, { mediaType: ociImage });
    const index = JSON.stringify({ schemaVersion: 2, manifests: [{ digest: sha256(child), size: child.length }] });

    const early = owner.send(new PutImageCommand({ repositoryName, imageManifest: index }));
    await expect(early).rejects.toMatchObject({ name: "ReferencedImagesNotFoundException" });
    await owner.send(new PutImageCommand({ repositoryName, imageManifest: child }));

    const { image } = await owner.send(new PutImageCommand({ repositoryName, imageManifest: index }));
    expect(image?.imageId?.imageDigest).toBe(sha256(index));
  });

  it("checks the layers only in a repository that is strict", async () => {
    const { owner, registry } = createRegistry();
    registry.createRepository("strict", { strict: true });
    const config = { digest: sha256("config"), size: 6, mediaType: "application/vnd.oci.image.config.v1+json" };
    const imageManifest = bareManifest(1, { config });

    const strict = owner.send(new PutImageCommand({ repositoryName: "strict", imageManifest }));
    const bare = owner.send(new PutImageCommand({ repositoryName: "strict", imageManifest: bareManifest(2) }));

    await expect(strict).rejects.toMatchObject({ name: "LayersNotFoundException" });
    await expect(bare).rejects.toMatchObject({ name: "InvalidParameterException" });
    await owner.send(new PutImageCommand({ repositoryName, imageManifest }));
  });

  it("gives back byte for byte what was pushed", async () => {
    const { owner } = createRegistry();
    const imageManifest = `{\n  "schemaVersion": 2,\n  "layers": [ ]\n}\n`;
    await owner.send(new PutImageCommand({ repositoryName, imageManifest, imageTag: "scratch" }));

    const { images } = await owner.send(
      new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: "scratch" }] }),
    );

    expect(images?.[0]).toMatchObject({ imageManifest, imageId: { imageDigest: sha256(imageManifest) } });
  });
});
