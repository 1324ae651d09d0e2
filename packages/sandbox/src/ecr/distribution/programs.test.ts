import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from "@aws-sdk/client-ecr";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasProgram, type Ran, run } from "../../../test/programs.ts";
import { tokenOf } from "../testing/distribution-fixture.ts";
import { createRegistry, pipeline, scratch } from "../testing/registry-fixture.ts";

const twoMinutes = 120_000;
const repository = "team/dga-web";

let world: Awaited<ReturnType<typeof openWorld>>;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** A served registry, a folder, and a file with the owner's credentials. */
async function openWorld() {
  const opened = createRegistry();
  opened.registry.createRepository(repository);
  const { url, close } = await opened.sandbox.listen();
  const { host } = new URL(url);
  const folder = await mkdtemp(join(tmpdir(), "windlass-registry-"));

  async function logIn(token: string): Promise<string> {
    const file = join(folder, "auth.json");
    await writeFile(file, JSON.stringify({ auths: { [host]: { auth: token } } }));
    return file;
  }

  const authfile = await logIn(await tokenOf(opened.owner));
  const image = `${host}/${pipeline}/${repository}`;
  const podmanOptions = { env: { REGISTRY_AUTH_FILE: authfile }, cwd: folder };

  function skopeo(words: string, ...more: readonly string[]): Promise<Ran> {
    const args = ["--insecure-policy", ...words.split(" "), "--authfile", authfile, ...more];
    return run("skopeo", args, { env: {}, cwd: folder });
  }

  /** With a storage of its own, so that nobody else's images are touched. */
  function podman(words: string, ...more: readonly string[]): Promise<Ran> {
    return run("podman", [...storage(folder), ...words.split(" "), ...more], podmanOptions);
  }

  function podmanLogin(password: string): Promise<Ran> {
    const args = ["login", "--tls-verify=false", "--username", "AWS", "--password-stdin", host];
    return run("podman", [...storage(folder), ...args], { ...podmanOptions, input: password });
  }

  async function end(): Promise<void> {
    await close();
    await rm(folder, { recursive: true });
  }

  return { ...opened, host, image, folder, authfile, logIn, skopeo, podman, podmanLogin, close: end };
}

function storage(folder: string): readonly string[] {
  return ["--root", join(folder, "root"), "--runroot", join(folder, "run"), "--storage-driver", "vfs"];
}

/** Whether `podman` is there and can work here: it needs more of the kernel than being installed. */
async function canPodman(): Promise<boolean> {
  if (!hasProgram("podman")) return false;
  const folder = await mkdtemp(join(tmpdir(), "windlass-podman-"));
  const { code } = await run("podman", [...storage(folder), "info"], { env: {}, cwd: folder });
  await rm(folder, { recursive: true });
  return code === 0;
}

const done = { code: 0 };

describe.skipIf(!hasProgram("skopeo"))(
  "skopeo (skipped where no `skopeo` is on the PATH)",
  { timeout: twoMinutes },
  () => {
    it("pulls an image, and pushes it where ECR's API knows it by the same digest", async () => {
      const { registry, skopeo, image, owner } = world;
      const digest = registry.pushImage({ repository: "dga-web", tags: ["v1"], layers: [Buffer.alloc(2048)] });
      const source = image.replace(repository, "dga-web");

      const pulled = await skopeo("copy --src-tls-verify=false", `docker://${source}@${digest}`, "oci:layout:v1");
      const pushed = await skopeo("copy --dest-tls-verify=false", "oci:layout:v1", `docker://${image}:v1`);
      const { images } = await owner.send(
        new BatchGetImageCommand({ repositoryName: repository, imageIds: [{ imageTag: "v1" }] }),
      );

      expect([pulled, pushed]).toMatchObject([done, done]);
      expect(images?.[0]?.imageId?.imageDigest).toBe(digest);
      expect(registry.images(repository)).toEqual([expect.objectContaining({ digest, tags: ["v1"] })]);
    });

    it("copies an index with all its images, and lists tags", async () => {
      const { registry, skopeo, image } = world;
      const index = ["linux/amd64", "linux/arm64"];
      const digest = registry.pushImage({ repository: "dga-web", tags: ["multi"], index });
      const source = image.replace(repository, "dga-web");

      const copied = await skopeo(
        "copy --all --src-tls-verify=false --dest-tls-verify=false",
        `docker://${source}:multi`,
        `docker://${image}:multi`,
      );
      const tags = await skopeo("list-tags --tls-verify=false", `docker://${image}`);

      expect(copied).toMatchObject(done);
      expect(registry.digestOf(repository, "multi")).toBe(digest);
      expect(registry.images(repository)).toHaveLength(5);
      expect(JSON.parse(tags.stdout)).toMatchObject({ Tags: ["multi"] });
    });

    it("shows ECR's words: no repository, no image, no permission, an immutable tag, a token that has ended", async () => {
      const { registry, skopeo, image, foreigner, owner, clock, logIn } = world;
      registry.createRepository("fixed", { mutability: "IMMUTABLE" });
      for (const name of ["dga-web", "fixed"]) registry.pushImage({ repository: name, tags: ["v1"] });
      const at = (name: string) => `docker://${image.replace(repository, name)}`;
      const inspect = async (name: string) => (await skopeo("inspect --tls-verify=false", `${at(name)}:v1`)).stderr;

      const missing = [await inspect("gone"), await inspect(repository)];
      const immutable = await skopeo(
        "copy --src-tls-verify=false --dest-tls-verify=false",
        `${at("dga-web")}:v1`,
        `${at("fixed")}:v1`,
      );
      await logIn(await tokenOf(foreigner));
      const denied = await inspect("dga-web");
      await logIn(await tokenOf(owner));
      await clock.advance(12 * 3_600_000);
      const ended = await inspect("dga-web");

      expect(missing[0]).toContain(`name unknown: The repository with name 'gone' does not exist`);
      expect(missing[1]).toContain("manifest unknown: Requested image not found");
      expect(immutable.stderr).toContain("tag invalid: The image tag 'v1' already exists in the 'fixed' repository");
      expect(denied).toContain(`assumed-role/deploy-lambda/tick is not authorized to perform: ecr:BatchGetImage`);
      expect(ended).toContain("denied: Your authorization token has expired. Reauthenticate and try again.");
    });
  },
);

describe.skipIf(!(await canPodman()))(
  "podman (skipped where no `podman` is on the PATH, or it can not work here)",
  { timeout: twoMinutes },
  () => {
    it("pushes what it has built, and pulls it again by its digest", async () => {
      const { podman, image, registry, folder } = world;
      await mkdir(join(folder, "context"));
      await writeFile(join(folder, "context", "Containerfile"), "FROM scratch\nCOPY main.tf /work/\nWORKDIR /work\n");
      await writeFile(join(folder, "context", "main.tf"), 'resource "terraform_data" "network" {}\n');

      const built = await podman("build --quiet --tag iac:1 context");
      const pushed = await podman("push --tls-verify=false --digestfile digest iac:1", `${image}:1`);
      const digest = await readFile(join(folder, "digest"), "utf8");
      const removed = await podman("image rm --all --force");
      const pulled = await podman("pull --tls-verify=false", `${image}@${digest}`);
      const shown = await podman("image inspect --format {{.Digest}}", `${image}@${digest}`);

      expect([built, pushed, removed, pulled]).toMatchObject([done, done, done, done]);
      expect(registry.images(repository)).toMatchObject([{ digest, tags: ["1"] }]);
      expect(shown.stdout.trim()).toBe(digest);
    });

    it("pulls an image from another account that was published with ECR's API", async () => {
      const { podman, image, registry, owner, foreigner, logIn } = world;
      const digest = await publish();
      registry.setPolicy(repository, {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { AWS: scratch }, Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] },
        ],
      });
      await logIn(await tokenOf(foreigner));

      const pulled = await podman("pull --tls-verify=false", `${image}@${digest}`);
      const pushed = await podman("push --tls-verify=false", `${image}@${digest}`, `${image}:2`);

      expect(pulled).toMatchObject(done);
      expect(pushed.stderr).toContain("403 (Forbidden)");

      /** Each blob of an image, then its manifest, by calls of the SDK. */
      async function publish(): Promise<string | undefined> {
        registry.pushImage({ repository: "dga-web", layers: [Buffer.alloc(2048)] });
        const imageManifest = registry.images("dga-web")[0]?.manifest ?? "";
        const { config, layers } = JSON.parse(imageManifest);
        const repositoryName = repository;
        for (const { digest: layerDigest } of [config, ...layers]) {
          const layerPartBlob = registry.layer("dga-web", layerDigest) ?? new Uint8Array();
          const { uploadId } = await owner.send(new InitiateLayerUploadCommand({ repositoryName }));
          const range = { partFirstByte: 0, partLastByte: layerPartBlob.length - 1 };
          await owner.send(new UploadLayerPartCommand({ repositoryName, uploadId, ...range, layerPartBlob }));
          await owner.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [layerDigest] }));
        }
        const { image: put } = await owner.send(new PutImageCommand({ repositoryName, imageManifest }));
        return put?.imageId?.imageDigest;
      }
    });

    it("logs in with the password on its standard input", async () => {
      const { podmanLogin, host, owner, authfile } = world;
      const token = await tokenOf(owner);
      const password = Buffer.from(token, "base64").toString().replace("AWS:", "");
      await rm(authfile);

      const refused = await podmanLogin("wrong");
      const taken = await podmanLogin(password);

      expect(refused.stderr).toContain("invalid username/password");
      expect(taken.stdout).toContain("Login Succeeded!");
      expect(JSON.parse(await readFile(authfile, "utf8"))).toEqual({ auths: { [host]: { auth: token } } });
    });
  },
);
