import { BatchGetImageCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import {
  errorOf,
  manifestOf,
  openDistribution,
  repository,
  type Sent,
  tokenOf,
} from "../testing/distribution-fixture.ts";
import { bareManifest, pipeline, scratch, sha256 } from "../testing/registry-fixture.ts";

const ociImage = "application/vnd.oci.image.manifest.v1+json";
const manifest = manifestOf("config", "layer");
const put = (body: string): Sent => ({ method: "PUT", headers: { "content-type": ociImage }, body });

async function openForPush() {
  const opened = await openDistribution();
  const { sendTo, url } = opened;
  /** Relative to the repository, as `sendTo` takes it. */
  const relative = (response: Response) =>
    (response.headers.get("location") ?? "").replace(`${url}/v2/${pipeline}/${repository}/`, "");

  async function begin(query = ""): Promise<string> {
    return relative(await sendTo(`blobs/uploads/${query}`, { method: "POST" }));
  }

  async function pushBlob(text: string): Promise<void> {
    await sendTo(`blobs/uploads/?digest=${sha256(text)}`, { method: "POST", body: text });
  }

  return { ...opened, relative, begin, pushBlob };
}

describe("uploading a layer", () => {
  it("takes it in one stream, as clients send it", async () => {
    const { sendTo, registry, begin, relative } = await openForPush();

    const location = await begin();
    const patched = await sendTo(location, { method: "PATCH", body: "layer" });
    const finished = await sendTo(`${relative(patched)}?digest=${sha256("layer")}`, { method: "PUT" });

    expect(location).toMatch(/^blobs\/uploads\/[0-9a-f-]{36}$/);
    expect(patched.status).toBe(201);
    expect(patched.headers.get("range")).toBe("0-4");
    expect(finished.status).toBe(201);
    expect(relative(finished)).toBe(`blobs/${sha256("layer")}`);
    expect(finished.headers.get("docker-content-digest")).toBe(sha256("layer"));
    expect(Buffer.from(registry.layer(repository, sha256("layer")) ?? "").toString()).toBe("layer");
  });

  it("takes it in one request, or with its end", async () => {
    const { sendTo, registry, begin } = await openForPush();

    const atOnce = await sendTo(`blobs/uploads/?digest=${sha256("a")}`, { method: "POST", body: "a" });
    const atEnd = await sendTo(`${await begin()}?digest=${sha256("b")}`, { method: "PUT", body: "b" });

    expect([atOnce.status, atEnd.status]).toEqual([201, 201]);
    expect([registry.layer(repository, sha256("a")), registry.layer(repository, sha256("b"))]).not.toContain(null);
  });

  it("takes it in chunks that follow each other, and does not say how far it is", async () => {
    const { sendTo, registry, begin } = await openForPush();
    const chunk = "c".repeat(5 * 1024 * 1024);
    const size = chunk.length;
    const location = await begin();
    const send = (range: string, body: string, method = "PATCH", query = "") =>
      sendTo(`${location}${query}`, { method, body, headers: { "content-range": range } });

    const first = await send(`0-${size - 1}`, chunk);
    const gap = await errorOf(send(`${size + 1}-${size + 1}`, "x"));
    const second = await send(`${size}-${2 * size - 1}`, chunk);
    const digest = sha256(`${chunk}${chunk}end`);
    const last = await send(`${2 * size}-${2 * size + 2}`, "end", "PUT", `?digest=${digest}`);

    expect(gap).toMatchObject({ status: 416, code: "BLOB_UPLOAD_INVALID" });
    expect([first, second].map((answer) => answer.headers.get("range"))).toEqual([`0-${size - 1}`, `0-${size - 1}`]);
    expect(last.status).toBe(201);
    expect(registry.layer(repository, digest)?.length).toBe(2 * size + 3);
  });

  it("begins an upload like any other where a layer is to be mounted", async () => {
    const { sendTo, registry, pushBlob, relative } = await openForPush();
    registry.createRepository("other");
    await pushBlob("layer");

    const answer = await sendTo(`blobs/uploads/?mount=${sha256("layer")}&from=${pipeline}/other`, { method: "POST" });

    expect(answer.status).toBe(202);
    expect(relative(answer)).toMatch(/^blobs\/uploads\//);
  });

  it("takes a layer once more that is there", async () => {
    const { sendTo, begin, pushBlob } = await openForPush();
    await pushBlob("layer");

    const again = await sendTo(`${await begin()}?digest=${sha256("layer")}`, { method: "PUT", body: "layer" });

    expect(again.status).toBe(201);
  });

  it("refuses other bytes as a layer that is there, and a range that is none", async () => {
    const { sendTo, begin, pushBlob } = await openForPush();
    await pushBlob("layer");

    const other = sendTo(`${await begin()}?digest=${sha256("layer")}`, { method: "PUT", body: "other" });
    const ranged = sendTo(await begin(), { method: "PATCH", body: "x", headers: { "content-range": "0-0x" } });

    expect(await errorOf(other)).toMatchObject({ code: "DIGEST_INVALID" });
    expect(await errorOf(ranged)).toMatchObject({ status: 416, code: "BLOB_UPLOAD_INVALID" });
  });

  it.each([
    ["of another digest", `?digest=${sha256("other")}`, "layer", "DIGEST_INVALID"],
    ["without a digest", "", "layer", "DIGEST_INVALID"],
    ["without bytes", `?digest=${sha256("layer")}`, "", "BLOB_UPLOAD_INVALID"],
  ])("refuses one %s, and lets it be finished all the same", async (_, query, body, code) => {
    const { sendTo, registry, begin } = await openForPush();
    const location = await begin();

    const refused = await errorOf(sendTo(location + query, { method: "PUT", body }));
    const finished = await sendTo(`${location}?digest=${sha256("layer")}`, { method: "PUT", body: "layer" });

    expect(refused).toMatchObject({ status: 400, code });
    expect(finished.status).toBe(201);
    expect(registry.layer(repository, sha256("other"))).toBeNull();
  });

  it("refuses small parts before the last, and uploads that it does not know", async () => {
    const { sendTo, begin } = await openForPush();
    const location = await begin();
    await sendTo(location, { method: "PATCH", body: "a" });

    const small = await errorOf(sendTo(`${location}?digest=${sha256("ab")}`, { method: "PUT", body: "b" }));
    const unknown = await errorOf(sendTo("blobs/uploads/0", { method: "PATCH", body: "a" }));

    expect(small).toMatchObject({ status: 400, code: "BLOB_UPLOAD_INVALID" });
    expect(unknown).toMatchObject({ status: 404, code: "BLOB_UPLOAD_UNKNOWN" });
  });
});

describe("pushing a manifest", () => {
  async function openWithLayers() {
    const opened = await openForPush();
    for (const blob of ["config", "layer"]) await opened.pushBlob(blob);
    return opened;
  }

  it("makes an image that ECR's API knows by the same digest", async () => {
    const { sendTo, owner, relative } = await openWithLayers();

    const answer = await sendTo("manifests/scratch", put(manifest));
    const { images } = await owner.send(
      new BatchGetImageCommand({ repositoryName: repository, imageIds: [{ imageTag: "scratch" }] }),
    );

    expect(answer.status).toBe(201);
    expect(relative(answer)).toBe("manifests/scratch");
    expect(answer.headers.get("docker-content-digest")).toBe(sha256(manifest));
    expect(images).toMatchObject([{ imageManifest: manifest, imageId: { imageDigest: sha256(manifest) } }]);
  });

  it("by digest makes an image without a tag, and checks the digest", async () => {
    const { sendTo, registry } = await openWithLayers();

    const wrong = await errorOf(sendTo(`manifests/${sha256("other")}`, put(manifest)));
    const right = await sendTo(`manifests/${sha256(manifest)}`, put(manifest));

    expect(wrong).toMatchObject({ status: 400, code: "DIGEST_INVALID" });
    expect(right.status).toBe(201);
    expect(registry.images(repository)).toMatchObject([{ digest: sha256(manifest), tags: [] }]);
  });

  it("moves a tag, and changes nothing where all is there", async () => {
    const { sendTo, registry, pushBlob } = await openWithLayers();
    await pushBlob("layer 2");
    const next = manifestOf("config", "layer 2");

    const answers = [];
    for (const [reference, text] of [
      ["a", manifest],
      ["a", manifest],
      [sha256(manifest), manifest],
      ["a", next],
    ] as const)
      answers.push((await sendTo(`manifests/${reference}`, put(text))).status);

    expect(answers).toEqual([201, 201, 201, 201]);
    expect(registry.digestOf(repository, "a")).toBe(sha256(next));
    expect(registry.images(repository)).toHaveLength(2);
  });

  it.each([
    ["another image", manifestOf("config", "layer", "layer")],
    ["the image that has it", manifest],
  ])("does not put an immutable tag on %s", async (_, text) => {
    const { send, registry, sandbox } = await openWithLayers();
    registry.createRepository("fixed", { mutability: "IMMUTABLE" });
    const path = `${pipeline}/fixed`;
    for (const blob of ["config", "layer"])
      await send(`${path}/blobs/uploads/?digest=${sha256(blob)}`, { method: "POST", body: blob });
    await send(`${path}/manifests/v1`, put(manifest));

    expect(await errorOf(send(`${path}/manifests/v1`, put(text)))).toEqual({
      status: 400,
      code: "TAG_INVALID",
      message:
        "The image tag 'v1' already exists in the 'fixed' repository and cannot be overwritten because the tag is immutable.",
    });
    expect(sandbox.calls.entries.at(-1)).toMatchObject({
      action: "PushManifest",
      input: { repositoryName: "fixed", imageTag: "v1" },
      outcome: "ImageTagAlreadyExistsException",
    });
  });

  it.each([
    ["whose layers are not there", manifestOf("config", "gone"), 404, "MANIFEST_BLOB_UNKNOWN"],
    ["without a config", bareManifest(1), 400, "MANIFEST_INVALID"],
    ["of another type than it says", bareManifest(1, { mediaType: "text/plain" }), 400, "MANIFEST_INVALID"],
    ["that is no JSON", "schemaVersion: 2", 400, "MANIFEST_INVALID"],
  ])("refuses one %s", async (_, text, status, code) => {
    const { sendTo, registry } = await openWithLayers();

    expect(await errorOf(sendTo("manifests/scratch", put(text)))).toMatchObject({ status, code });
    expect(registry.images(repository)).toEqual([]);
  });

  it("refuses an index before its images, bytes that are no text, and what can be no tag", async () => {
    const { sendTo } = await openWithLayers();
    const index = JSON.stringify({ schemaVersion: 2, manifests: [{ digest: sha256(manifest), size: 1 }] });
    const headers = { "content-type": "application/vnd.oci.image.index.v1+json" };
    const broken = Buffer.from(manifest.replace("2", '2,"a":"\u00e9"'), "latin1");

    const early = await errorOf(sendTo("manifests/multi", { method: "PUT", headers, body: index }));
    const bytes = await errorOf(sendTo("manifests/scratch", { ...put(""), body: broken }));
    const tag = await errorOf(sendTo("manifests/1+2", put(manifest)));

    expect(early).toMatchObject({ status: 404, code: "MANIFEST_BLOB_UNKNOWN" });
    expect(bytes).toMatchObject({ status: 400, code: "DIGEST_INVALID" });
    expect(tag).toMatchObject({ status: 400, code: "TAG_INVALID" });
  });
});

describe("pushing from another account", () => {
  const actions = ["InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload", "PutImage"];

  it.each(actions)("needs the repository's policy to allow %s", async (missing) => {
    const { sendTo, registry, foreigner, begin, pushBlob } = await openForPush();
    for (const blob of ["config", "layer"]) await pushBlob(blob);
    const location = await begin();
    const token = await tokenOf(foreigner);
    const allowed = actions.filter((action) => action !== missing).map((action) => `ecr:${action}`);
    registry.setPolicy(repository, {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: scratch }, Action: allowed }],
    });

    const steps = {
      InitiateLayerUpload: (await sendTo("blobs/uploads/", { method: "POST", token })).status,
      UploadLayerPart: (await sendTo(location, { method: "PATCH", body: "x", token })).status,
      CompleteLayerUpload: (await sendTo(`${location}?digest=${sha256("layer")}`, { method: "PUT", token })).status,
      PutImage: (await sendTo("manifests/scratch", { ...put(manifest), token })).status,
    };

    const refused = Object.entries(steps).flatMap(([step, status]) => (status === 403 ? [step] : []));
    expect(refused).toEqual([missing]);
  });
});

it.each(["InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload"])(
  "lets nobody upload a layer in one request, or with its end, without %s",
  async (missing) => {
    const { sendTo, registry, foreigner, begin } = await openForPush();
    const location = await begin();
    const token = await tokenOf(foreigner);
    const statement = { Effect: "Allow", Principal: { AWS: scratch }, Action: "ecr:*" };
    const deny = { Effect: "Deny", Principal: "*", Action: `ecr:${missing}` };
    registry.setPolicy(repository, { Version: "2012-10-17", Statement: [statement, deny] });
    const query = `?digest=${sha256("layer")}`;

    const atOnce = await sendTo(`blobs/uploads/${query}`, { method: "POST", body: "layer", token });
    const atEnd = await sendTo(`${location}${query}`, { method: "PUT", body: "layer", token });

    expect([atOnce.status, atEnd.status]).toEqual([403, missing === "InitiateLayerUpload" ? 201 : 403]);
  },
);

it.each(["manifests/scratch", `blobs/${sha256("layer")}`, "tags/list"])("deletes nothing at %s", async (path) => {
  const { sendTo } = await openForPush();

  expect(await errorOf(sendTo(path, { method: "DELETE" }))).toMatchObject({ status: 405, code: "UNSUPPORTED" });
});
