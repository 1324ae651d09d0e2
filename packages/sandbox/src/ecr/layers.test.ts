import { gunzipSync } from "node:zlib";
import {
  BatchCheckLayerAvailabilityCommand,
  CompleteLayerUploadCommand,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
  InitiateLayerUploadCommand,
  UploadLayerPartCommand,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { createRegistry, pipeline, sha256 } from "./testing/registry-fixture.ts";

const repositoryName = "dga-web";

function configDigest(registry: ReturnType<typeof createRegistry>["registry"]): string {
  return JSON.parse(registry.images(repositoryName)[0]?.manifest ?? "{}").config.digest;
}

async function upload(owner: ECRClient, parts: readonly Uint8Array[], layerDigest: string) {
  const { uploadId } = await owner.send(new InitiateLayerUploadCommand({ repositoryName }));
  let partFirstByte = 0;
  for (const layerPartBlob of parts) {
    const partLastByte = partFirstByte + layerPartBlob.length - 1;
    await owner.send(
      new UploadLayerPartCommand({ repositoryName, uploadId, partFirstByte, partLastByte, layerPartBlob }),
    );
    partFirstByte = partLastByte + 1;
  }
  return owner.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [layerDigest] }));
}

describe("downloading a layer", () => {
  it("gives the config blob with its labels to whoever has the URL", async () => {
    const { owner, registry, sandbox } = createRegistry();
    const labels = { "org.opencontainers.image.revision": "cc83ec5" };
    registry.pushImage({ repository: repositoryName, tags: ["scratch"], labels, config: { author: "DTA" } });

    const { downloadUrl } = await owner.send(
      new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: configDigest(registry) }),
    );
    const response = await sandbox.fetch(downloadUrl ?? "");

    expect(response.headers.get("content-type")).toBe("application/vnd.oci.image.config.v1+json");
    expect(await response.json()).toMatchObject({ os: "linux", author: "DTA", config: { Labels: labels } });
  });

  it("gives layers as they were pushed, with the digests that the config promises", async () => {
    const { owner, registry, sandbox } = createRegistry();
    registry.pushImage({ repository: repositoryName, layers: [Buffer.from("a tar archive")] });
    const { layers } = JSON.parse(registry.images(repositoryName)[0]?.manifest ?? "{}");

    const { downloadUrl } = await owner.send(
      new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: layers[0].digest }),
    );
    const tar = gunzipSync(await (await sandbox.fetch(downloadUrl ?? "")).arrayBuffer());

    expect(tar.toString()).toBe("a tar archive");
    const config = Buffer.from(registry.layer(repositoryName, configDigest(registry)) ?? "").toString();
    expect(JSON.parse(config).rootfs.diff_ids).toEqual([sha256("a tar archive")]);
  });

  it("ends an hour after the URL was made", async () => {
    const { owner, registry, sandbox, clock } = createRegistry();
    registry.pushImage({ repository: repositoryName });
    const { downloadUrl } = await owner.send(
      new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: configDigest(registry) }),
    );
    await clock.advance(3_599_000);
    const before = await sandbox.fetch(downloadUrl ?? "");
    await clock.advance(1_000);
    const after = await sandbox.fetch(downloadUrl ?? "");

    expect([before.status, after.status]).toEqual([200, 403]);
    expect(await after.text()).toContain("Request has expired");
    expect((await sandbox.fetch(`${downloadUrl}0`)).status).toBe(403);
  });

  it("is refused for a layer that is not there, and to accounts that the policy does not let in", async () => {
    const { owner, foreigner, registry } = createRegistry();
    registry.pushImage({ repository: repositoryName });
    const layerDigest = configDigest(registry);

    const missing = owner.send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: sha256("nothing") }));
    const foreign = foreigner.send(
      new GetDownloadUrlForLayerCommand({ repositoryName, registryId: pipeline, layerDigest }),
    );

    await expect(missing).rejects.toMatchObject({ name: "LayersNotFoundException" });
    await expect(foreign).rejects.toMatchObject({ name: "AccessDeniedException" });
  });
});

describe("uploading a layer", () => {
  const part = Buffer.alloc(5 * 1024 * 1024, "p");

  it("takes it in parts, and has it then", async () => {
    const { owner, registry } = createRegistry();
    const whole = Buffer.concat([part, Buffer.from("end")]);
    const digest = sha256(whole.toString());

    const { layerDigest } = await upload(owner, [part, Buffer.from("end")], digest);

    expect(layerDigest).toBe(digest);
    expect(Buffer.from(registry.layer(repositoryName, digest) ?? "").equals(whole)).toBe(true);
    const { layers } = await owner.send(
      new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests: [digest, sha256("nothing")] }),
    );
    expect(layers).toMatchObject([
      { layerAvailability: "AVAILABLE", layerSize: whole.length },
      { layerAvailability: "UNAVAILABLE" },
    ]);
  });

  it.each([
    ["of another digest", [Buffer.from("a")], sha256("b"), "InvalidLayerException"],
    ["without parts", [], sha256(""), "EmptyUploadException"],
    [
      "with a small part before the last",
      [Buffer.from("a"), Buffer.from("b")],
      sha256("ab"),
      "LayerPartTooSmallException",
    ],
  ])("refuses one %s", async (_, parts, digest, name) => {
    const { owner, registry } = createRegistry();

    await expect(upload(owner, parts, digest)).rejects.toMatchObject({ name });

    expect(registry.layer(repositoryName, digest)).toBeNull();
  });

  it("refuses one that is there, a part out of order, and an unknown upload", async () => {
    const { owner } = createRegistry();
    await upload(owner, [Buffer.from("a")], sha256("a"));
    const { uploadId } = await owner.send(new InitiateLayerUploadCommand({ repositoryName }));
    const late = { repositoryName, partFirstByte: 1, partLastByte: 1, layerPartBlob: Buffer.from("x") };

    await expect(upload(owner, [Buffer.from("a")], sha256("a"))).rejects.toMatchObject({
      name: "LayerAlreadyExistsException",
    });
    await expect(owner.send(new UploadLayerPartCommand({ ...late, uploadId }))).rejects.toMatchObject({
      name: "InvalidLayerPartException",
      lastValidByteReceived: -1,
    });
    await expect(owner.send(new UploadLayerPartCommand({ ...late, uploadId: "0" }))).rejects.toMatchObject({
      name: "UploadNotFoundException",
    });
  });
});
