import { gzipSync } from "node:zlib";
import { ECRClient } from "@aws-sdk/client-ecr";
import { imageDigestSchema } from "@windlass/deployment";
import { beforeEach, describe, expect, it } from "vitest";
import { createImageAccess, type ImageAccess } from "../src/index.ts";
import { type OpenRegistry, openRegistry, pipeline, staging } from "./open-registry.ts";

const LAYER = gzipSync(Buffer.alloc(1_000));
const OTHER = imageDigestSchema.parse(`sha256:${"ab".repeat(32)}`);

let world: OpenRegistry;
let access: ImageAccess;
const abort = new AbortController();

beforeEach(() => {
  world = openRegistry();
  world.createRepository("web");
  const client = new ECRClient({ ...world.sandbox.clientConfig({ account: staging }), maxAttempts: 1 });
  access = createImageAccess({ client, registryId: pipeline, signal: abort.signal });
});

function push(): ReturnType<typeof imageDigestSchema.parse> {
  return imageDigestSchema.parse(world.registry.pushImage({ repository: "web", layers: [LAYER] }));
}

describe("finding an image by its digest", () => {
  it("tells how much is to be transferred", async () => {
    expect(await access.find({ repository: "web", digest: push() })).toEqual({ bytes: LAYER.length });
  });

  it.each([
    ["image-missing", "web", OTHER],
    ["repository-missing", "gone", OTHER],
  ] as const)("fails with %s in %s", async (code, repository, digest) => {
    await expect(access.find({ repository, digest })).rejects.toMatchObject({ code });
  });

  it("fails with image-archived for one that is archived", async () => {
    const digest = push();
    world.registry.archiveImage("web", digest);

    await expect(access.find({ repository: "web", digest })).rejects.toMatchObject({ code: "image-archived" });
  });

  it("fails with access-denied, and how to mend it, where the repository's policy does not allow it", async () => {
    const digest = push();
    world.registry.setPolicy("web", null);

    await expect(access.find({ repository: "web", digest })).rejects.toMatchObject({
      code: "access-denied",
      hint: expect.stringContaining("policy"),
    });
  });

  it("fails where the registry does not answer", async () => {
    world.sandbox.faults.add({ kind: "error-before", code: "ECONNRESET" });

    await expect(access.find({ repository: "web", digest: push() })).rejects.toMatchObject({
      code: "registry-unreachable",
    });
  });
});

describe("logging in to a registry", () => {
  it("gives user and password of the authorization token", async () => {
    const { user, password } = await access.login();

    expect(user).toBe("AWS");
    const basic = Buffer.from(`${user}:${password}`).toString("base64");
    const answer = await world.sandbox.fetch("http://sandbox.invalid/v2/", {
      headers: { authorization: `Basic ${basic}` },
    });
    expect(answer.status).toBe(200);
  });

  it("fails with access-denied where the caller may not", async () => {
    world.sandbox.faults.add({
      kind: "error-before",
      action: "GetAuthorizationToken",
      code: "AccessDeniedException",
      status: 400,
    });

    await expect(access.login()).rejects.toMatchObject({ code: "access-denied" });
  });
});

it("ends what is under way when it is asked to", async () => {
  const digest = push();
  abort.abort();

  await expect(access.find({ repository: "web", digest })).rejects.toMatchObject({ code: "aborted" });
});
