import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createHeadReader, type HeadSource } from "../src/index.ts";
import { refusal, type Script, ScriptedAnswer, scriptedClient } from "./scripted-client.ts";

const registryId = "111111111111";
const web: HeadSource = { image: "web", repository: "web", tag: "staging" };

function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

const configText = JSON.stringify({ config: { Labels: { "org.opencontainers.image.revision": "4f2a91c" } } });
const configType = "application/vnd.oci.image.config.v1+json";
const imageText = JSON.stringify({ config: { mediaType: configType, digest: sha256(configText) }, layers: [] });

function image(text: string, imageTag = "staging") {
  return { imageId: { imageDigest: sha256(text), imageTag }, imageManifest: text };
}

/** A registry with one image, of which any action can be replaced. */
function registry(replaced: Partial<Record<string, Script>> = {}): Script {
  return (action, input) => {
    const script = replaced[action];
    if (script !== undefined) return script(action, input);
    if (action === "BatchGetImage") return { images: [image(imageText)], failures: [] };
    if (action === "DescribeImages") return { imageDetails: [{ imagePushedAt: 1_700_000_000.5 }] };
    return { downloadUrl: "https://layers.invalid/config" };
  };
}

const wait = async () => undefined;

async function read(script: Script, download: typeof fetch = async () => new Response(configText)) {
  const { client, calls } = scriptedClient(script);
  const reader = createHeadReader({ client, registryId, fetch: download, wait });
  const { web: reading } = await reader.readHeads([web], {});
  return { reading, calls };
}

describe("an answer that is not to be believed", () => {
  it("is unreadable where the manifest is not what its digest says", async () => {
    const { reading } = await read(
      registry({ BatchGetImage: () => ({ images: [{ ...image(imageText), imageManifest: `${imageText} ` }] }) }),
    );

    expect(reading).toMatchObject({ kind: "unreadable", code: "digest-mismatch" });
    expect(reading).toMatchObject({ message: expect.stringContaining(sha256(imageText)) });
  });

  it.each([
    ["nothing at all", {}],
    ["an image without digest", { images: [{ imageId: {}, imageManifest: imageText }] }],
    ["an image without manifest", { images: [{ imageId: { imageDigest: sha256(imageText) } }] }],
  ])("is unreadable where it holds %s, since that says nothing about the tag", async (_, answer) => {
    const { reading } = await read(registry({ BatchGetImage: () => answer }));

    expect(reading).toMatchObject({ kind: "unreadable", code: "answer-incomplete" });
  });

  it("is asked for again, alone, for a tag that it leaves out among several", async () => {
    const { client, calls } = scriptedClient(registry());
    const reader = createHeadReader({ client, registryId, fetch: async () => new Response(configText) });

    const heads = await reader.readHeads([web, { image: "site", repository: "web", tag: "site" }], {});

    expect(heads).toMatchObject({ web: { kind: "head" }, site: { kind: "head" } });
    expect(calls.filter((action) => action === "BatchGetImage")).toHaveLength(2);
  });

  it("is unreadable where it is no JSON", async () => {
    const { reading } = await read(registry({ BatchGetImage: () => new ScriptedAnswer(200, "<html>") }));

    expect(reading).toMatchObject({ kind: "unreadable", code: "registry-unavailable" });
  });
});

describe("a failure in words of its own", () => {
  it.each([
    ["ImageNotFound", "Requested image was archived", { kind: "unreadable", code: "image-archived" }],
    ["ImageInaccessible", "No longer available", { kind: "unreadable", code: "image-inaccessible" }],
    ["KmsError", "Key is disabled", { kind: "unreadable", code: "image-inaccessible" }],
    ["UpstreamAccessDenied", "No", { kind: "unreadable", code: "access-denied" }],
    ["UpstreamTooManyRequests", "Later", { kind: "unreadable", code: "throttled" }],
    ["UpstreamUnavailable", "Later", { kind: "unreadable", code: "registry-unavailable" }],
    ["SomethingNew", "Who knows", { kind: "unreadable", code: "request-refused" }],
    ["ImageNotFound", "Requested image not found", { kind: "absent", missing: "tag" }],
  ])("%s (%s) is read as what it is", async (failureCode, failureReason, expected) => {
    const failures = [{ imageId: { imageTag: "staging" }, failureCode, failureReason }];
    const { reading } = await read(registry({ BatchGetImage: () => ({ images: [], failures }) }));

    expect(reading).toMatchObject(expected);
  });

  it.each([
    ["ExpiredTokenException", 400, "credentials-refused"],
    ["UnrecognizedClientException", 400, "credentials-refused"],
    ["ThrottleException", 400, "throttled"],
    ["SomethingNew", 429, "throttled"],
    ["SomethingNew", 503, "registry-unavailable"],
    ["InvalidParameterException", 400, "request-refused"],
  ])("%s with status %i makes the head unreadable as %s", async (code, status, expected) => {
    const { reading } = await read(registry({ BatchGetImage: () => refusal(code, status) }));

    expect(reading).toMatchObject({ kind: "unreadable", code: expected });
  });

  it("asks for each tag alone where the registry refuses several at once", async () => {
    const { client, calls } = scriptedClient((action, input) => {
      const tags = (input["imageIds"] as { imageTag: string }[]).map((id) => id.imageTag);
      if (action !== "BatchGetImage" || tags.includes("no tag")) return refusal("InvalidParameterException");
      return { images: tags.map((tag) => image(imageText, tag)) };
    });
    const known = { web: { digest: sha256(imageText) as never, commit: null, pushedAt: null } };

    const heads = await createHeadReader({ client, registryId }).readHeads(
      [web, { image: "site", repository: "web", tag: "no tag" }],
      known,
    );

    expect(heads).toMatchObject({ web: { kind: "head" }, site: { kind: "unreadable", code: "request-refused" } });
    expect(calls).toHaveLength(3);
  });
});

describe("a commit that can not be had", () => {
  const huge = "x".repeat(1024 * 1024 + 1);

  it.each<[string, typeof fetch]>([
    ["is refused", async () => new Response("no", { status: 403 })],
    ["is not what its digest says", async () => new Response(`${configText} `)],
    ["is larger than any configuration", async () => new Response(huge)],
    ["has no body", async () => new Response(null)],
  ])("is null where the configuration %s", async (_, download) => {
    const { reading } = await read(registry(), download);

    expect(reading).toMatchObject({ kind: "head", head: { commit: null, pushedAt: "2023-11-14T22:13:20.500Z" } });
  });

  it("does not read a body to its end that is too large", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });

    const { reading } = await read(registry(), async () => new Response(endless));

    expect(reading).toMatchObject({ kind: "head", head: { commit: null } });
    expect(sent).toBeLessThan(20);
  });

  it("is null where an index leads to itself", async () => {
    const child = sha256("child");
    const index = JSON.stringify({ manifests: [{ digest: child, platform: { os: "linux" } }] });
    const circle = JSON.stringify({ manifests: [{ digest: sha256("loop"), platform: { os: "linux" } }] });
    const { reading, calls } = await read(
      registry({
        BatchGetImage: (_, input) => {
          const isTag = JSON.stringify(input["imageIds"]).includes("staging");
          return { images: [image(isTag ? index : circle)] };
        },
      }),
    );

    expect(reading).toMatchObject({ kind: "head", head: { commit: null } });
    expect(calls.filter((action) => action === "BatchGetImage")).toHaveLength(4);
  });

  it("is null where an index has no platform, or one that is gone", async () => {
    const empty = JSON.stringify({ manifests: [] });
    const broken = JSON.stringify({ manifests: [{ digest: sha256("gone"), platform: { os: "linux" } }] });
    const missing = { failures: [{ failureCode: "ImageNotFound" }] };

    const without = await read(registry({ BatchGetImage: () => ({ images: [image(empty)] }) }));
    const gone = await read(
      registry({
        BatchGetImage: (_, input) =>
          JSON.stringify(input["imageIds"]).includes("staging") ? { images: [image(broken)] } : missing,
      }),
    );

    expect(without.reading).toMatchObject({ kind: "head", head: { commit: null } });
    expect(gone.reading).toMatchObject({ kind: "head", head: { commit: null } });
  });

  it.each<[string, string, typeof fetch]>([
    ["registry-unavailable", "fails", async () => new Response("", { status: 500 })],
    ["throttled", "asks to slow down", async () => new Response("", { status: 503 })],
    [
      "registry-unreachable",
      "does not answer",
      async () => {
        throw new TypeError("fetch failed");
      },
    ],
  ])("makes a new head unreadable as %s while the download %s, but not for ever", async (code, _, download) => {
    const { client } = scriptedClient(registry());
    const reader = createHeadReader({ client, registryId, fetch: download, wait });

    const readings = [];
    for (let tick = 1; tick <= 6; tick += 1) readings.push((await reader.readHeads([web], {}))["web"]);

    expect(readings.slice(0, 5)).toMatchObject(Array(5).fill({ kind: "unreadable", code }));
    expect(readings[5]).toMatchObject({ kind: "head", head: { digest: sha256(imageText), commit: null } });
  });

  it("has its patience anew for another digest", async () => {
    let text = imageText;
    const { client } = scriptedClient(registry({ BatchGetImage: () => ({ images: [image(text)] }) }));
    const down = async () => new Response("", { status: 500 });
    const reader = createHeadReader({ client, registryId, fetch: down });

    for (let tick = 1; tick <= 5; tick += 1) await reader.readHeads([web], {});
    text = `${imageText} `;
    const { web: reading } = await reader.readHeads([web], {});

    expect(reading).toMatchObject({ kind: "unreadable" });
  });
});

describe("a network that does not answer", () => {
  it("makes each head unreadable, with what to look at", async () => {
    const { reading } = await read(() => {
      throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    });

    expect(reading).toMatchObject({ kind: "unreadable", code: "registry-unreachable" });
    expect(reading).toMatchObject({ message: expect.stringContaining("network path") });
  });
});

describe("createHeadReader", () => {
  it("wants an account id for a registry", () => {
    const { client } = scriptedClient(registry());

    expect(() => createHeadReader({ client, registryId: "pipeline" })).toThrow(
      expect.objectContaining({ code: "registry-invalid", found: "pipeline" }),
    );
  });

  it("refuses two sources for one image", async () => {
    const { client } = scriptedClient(registry());
    const reader = createHeadReader({ client, registryId });

    await expect(reader.readHeads([web, { ...web, tag: "scratch" }], {})).rejects.toMatchObject({
      code: "duplicate-image",
    });
  });
});
