import { CreateRepositoryCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { errorOf, openDistribution, repository, tokenOf } from "../testing/distribution-fixture.ts";
import { pipeline, scratch, sha256 } from "../testing/registry-fixture.ts";

const ociImage = "application/vnd.oci.image.manifest.v1+json";
const ociIndex = "application/vnd.oci.image.index.v1+json";

async function openWithImage() {
  const opened = await openDistribution();
  const digest = opened.registry.pushImage({ repository, tags: ["scratch"] });
  const manifest = opened.registry.images(repository)[0]?.manifest ?? "";
  const layer: string = JSON.parse(manifest).layers[0].digest;
  return { ...opened, digest, manifest, layer };
}

describe("pulling a manifest", () => {
  it.each(["tag", "digest"])("by its %s gives its bytes, its type and its digest", async (by) => {
    const { sendTo, digest, manifest } = await openWithImage();

    const answer = await sendTo(`manifests/${by === "tag" ? "scratch" : digest}`);

    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": ociImage,
      "content-length": String(manifest.length),
      "docker-content-digest": digest,
    });
    expect(await answer.text()).toBe(manifest);
  });

  it("with HEAD gives all but the bytes", async () => {
    const { sendTo, digest, manifest } = await openWithImage();

    const answer = await sendTo("manifests/scratch", { method: "HEAD" });

    expect(answer.headers.get("docker-content-digest")).toBe(digest);
    expect(answer.headers.get("content-length")).toBe(String(manifest.length));
    expect(await answer.text()).toBe("");
  });

  it("works in process, too", async () => {
    const { sandbox, owner, digest } = await openWithImage();
    const headers = { authorization: `Basic ${await tokenOf(owner)}` };

    const answer = await sandbox.fetch(`http://sandbox.invalid/v2/${pipeline}/${repository}/manifests/scratch`, {
      headers,
    });

    expect(answer.headers.get("docker-content-digest")).toBe(digest);
  });

  it("gives the index to who takes indexes, and one platform's image to who does not", async () => {
    const { sendTo, registry } = await openDistribution();
    const index = registry.pushImage({ repository, tags: ["multi"], index: ["linux/arm64", "linux/amd64"] });
    const accept = (types: string) => sendTo("manifests/multi", { headers: { accept: types } });

    const [both, anything, image] = [
      await accept(`${ociImage}, ${ociIndex};q=0.5`),
      await accept("*/*"),
      await accept(ociImage),
    ];

    for (const answer of [both, anything]) {
      expect(answer.headers.get("content-type")).toBe(ociIndex);
      expect(answer.headers.get("docker-content-digest")).toBe(index);
    }
    expect(image.headers.get("content-type")).toBe(ociImage);
    const digest = image.headers.get("docker-content-digest");
    expect(digest).toBe(sha256(await image.text()));
    expect(digest).not.toBe(index);
  });

  it("tells what is not there, and what can not be", async () => {
    const { sendTo } = await openWithImage();

    const failures = await Promise.all(
      ["gone", sha256("nothing"), "1+2", "sha256:cut"].map((reference) => errorOf(sendTo(`manifests/${reference}`))),
    );

    const unknown = { status: 404, code: "MANIFEST_UNKNOWN", message: "Requested image not found" };
    expect(failures.slice(0, 2)).toEqual([unknown, unknown]);
    expect(failures.slice(2)).toMatchObject([
      { status: 400, code: "TAG_INVALID" },
      { status: 400, code: "DIGEST_INVALID" },
    ]);
  });

  it("gives no archived image", async () => {
    const { sendTo, registry, digest } = await openWithImage();
    registry.archiveImage(repository, digest);

    expect(await errorOf(sendTo(`manifests/${digest}`))).toMatchObject({ status: 404, code: "MANIFEST_UNKNOWN" });
  });
});

describe("pulling a layer", () => {
  it("leads to the bytes at a URL that needs no credentials", async () => {
    const { sendTo, registry, layer } = await openWithImage();

    const answer = await sendTo(`blobs/${layer}`);
    const bytes = await (await fetch(answer.headers.get("location") ?? "")).arrayBuffer();

    expect(answer.status).toBe(307);
    expect(answer.headers.get("docker-content-digest")).toBe(layer);
    expect(Buffer.from(bytes).equals(registry.layer(repository, layer) ?? new Uint8Array())).toBe(true);
  });

  it("with HEAD tells its length", async () => {
    const { sendTo, registry, layer } = await openWithImage();

    const answer = await sendTo(`blobs/${layer}`, { method: "HEAD" });

    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-length")).toBe(String(registry.layer(repository, layer)?.length));
    expect((await sendTo(`blobs/${sha256("nothing")}`, { method: "HEAD" })).status).toBe(404);
  });

  it("is told when it is not there", async () => {
    const { sendTo } = await openWithImage();

    expect(await errorOf(sendTo(`blobs/${sha256("nothing")}`))).toMatchObject({ status: 404, code: "BLOB_UNKNOWN" });
  });
});

describe("pulling from another account", () => {
  const pullers = (...actions: readonly string[]) => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${scratch}:root` }, Action: actions }],
  });

  it("needs the repository's policy for the manifest and for the layers", async () => {
    const { sendTo, registry, foreigner, layer } = await openWithImage();
    const token = await tokenOf(foreigner);
    const pull = async () => [
      (await sendTo("manifests/scratch", { token })).status,
      (await sendTo(`blobs/${layer}`, { token })).status,
    ];

    const before = await pull();
    registry.setPolicy(repository, pullers("ecr:BatchGetImage"));
    const manifestOnly = await pull();
    registry.setPolicy(repository, pullers("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"));
    const both = await pull();

    expect([before, manifestOnly, both]).toEqual([
      [403, 403],
      [200, 403],
      [200, 307],
    ]);
  });

  it("is denied in IAM's words", async () => {
    const { sendTo, foreigner } = await openWithImage();

    const denied = await errorOf(sendTo("manifests/scratch", { token: await tokenOf(foreigner) }));

    expect(denied).toEqual({
      status: 403,
      code: "DENIED",
      message: `User: arn:aws:sts::${scratch}:assumed-role/deploy-lambda/tick is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:ap-southeast-2:${pipeline}:repository/${repository} because no resource-based policy allows the ecr:BatchGetImage action`,
    });
  });
});

describe("listing tags", () => {
  it("gives pages in order, with where the next one is", async () => {
    const { sendTo, registry, url } = await openDistribution();
    for (const tag of ["c", "a", "b"]) registry.pushImage({ repository, tags: [tag] });

    const first = await sendTo("tags/list?n=2");
    const link = /<(.+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
    const second = await sendTo(link.replace(`/v2/${pipeline}/${repository}/`, ""));

    expect(url + link).toBe(`${url}/v2/${pipeline}/${repository}/tags/list?n=2&last=b`);
    expect(await first.json()).toEqual({ name: `${pipeline}/${repository}`, tags: ["a", "b"] });
    expect(await second.json()).toEqual({ name: `${pipeline}/${repository}`, tags: ["c"] });
    expect(second.headers.has("link")).toBe(false);
  });

  it("refuses pages of no size, and other lists", async () => {
    const { sendTo } = await openDistribution();

    expect(await errorOf(sendTo("tags/list?n=0"))).toMatchObject({ status: 400, code: "PAGINATION_NUMBER_INVALID" });
    expect(await errorOf(sendTo("tags/other"))).toMatchObject({ status: 404, code: "UNSUPPORTED" });
  });
});

it("has repositories with slashes in their names, also with names of the protocol's own words", async () => {
  const { send, owner, registry } = await openDistribution();
  await owner.send(new CreateRepositoryCommand({ repositoryName: "team/manifests/blobs" }));
  const digest = registry.pushImage({ repository: "team/manifests/blobs", tags: ["scratch"] });

  const answer = await send(`${pipeline}/team/manifests/blobs/manifests/scratch`);

  expect(answer.headers.get("docker-content-digest")).toBe(digest);
});
