import { describe, expect, it } from "vitest";
import { commitOf, digestOf, openRepository } from "./open-repository.ts";
import { answering, type Call, readsArea } from "./transports.ts";

interface Answer {
  readonly images: readonly { readonly imageId: { readonly imageDigest: string; readonly imageTag?: string } }[];
  readonly failures: readonly unknown[];
}

/** Changes what the registry says of images. */
function changing(isMeant: (call: Call) => boolean, change: (answer: Answer) => unknown) {
  return answering(async (call) => {
    const text = await call.send();
    return call.action === "BatchGetImage" && isMeant(call) ? JSON.stringify(change(JSON.parse(text))) : text;
  });
}

describe("an answer of the registry", () => {
  it("that has two tags on one digest once is asked for again, tag by tag", async () => {
    const { push, release, kept } = openRepository();
    for (const number of [1, 2]) await release({ image: { digest: push(number) }, commit: commitOf(number) });
    const once = changing(readsArea, ({ images, failures }) => ({
      images: images.filter(
        ({ imageId }, index) =>
          images.findIndex((other) => other.imageId.imageDigest === imageId.imageDigest) === index,
      ),
      failures,
    }));

    await release({ image: { digest: push(3) }, commit: commitOf(3) }, { transport: once });

    expect(kept().slice(0, 4)).toEqual([digestOf(3), digestOf(2), digestOf(1), null]);
  });

  it("that says nothing of a tag ends the release: it may be there", async () => {
    const { push, release } = openRepository();
    const image = { digest: push(1) };
    const isAlone = ({ input }: Call) => JSON.stringify(input).includes('"staging"');
    const silent = changing(isAlone, () => ({ images: [], failures: [] }));

    await expect(release({ image }, { transport: silent })).rejects.toMatchObject({ code: "registry-unavailable" });
  });

  it("with a manifest that is not what its digest says ends the release before anything is put", async () => {
    const { push, release, actions } = openRepository();
    const image = { digest: push(1) };
    const isManifest = ({ input }: Call) => JSON.stringify(input).includes("imageDigest");
    const forged = changing(isManifest, ({ images }) => ({
      images: images.map((one) => ({ ...one, imageManifest: "{}" })),
    }));

    await expect(release({ image }, { transport: forged })).rejects.toMatchObject({
      code: "digest-mismatch",
      expected: digestOf(1),
    });
    expect(actions()).not.toContain("PutImage");
  });

  it("that has lost the image since it was described ends the release", async () => {
    const { push, release } = openRepository();
    const image = { digest: push(1) };
    const isManifest = ({ input }: Call) => JSON.stringify(input).includes("imageDigest");
    const gone = changing(isManifest, () => ({
      failures: [{ imageId: { imageDigest: image.digest }, failureCode: "ImageNotFound", failureReason: "gone" }],
    }));

    await expect(release({ image }, { transport: gone })).rejects.toMatchObject({ code: "digest-missing" });
  });
});
