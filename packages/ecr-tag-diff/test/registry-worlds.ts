import { createHash } from "node:crypto";
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { clientConfig, type RunningMoto, registryProxy } from "@windlass/moto";
import { createSandbox, virtualClock } from "@windlass/sandbox";

export const pipeline = "111111111111";
const staging = "222222222222";

/** The pipeline account's registry, as an area sees it and as its owner fills it. */
export interface RegistryWorld {
  /** Acts in the area's account. */
  readonly client: ECRClient;
  createRepository(name: string): Promise<void>;
  /** Puts an image with these tags there, or these tags on it; gives its digest. */
  push(image: { repository: string; contents: string; tags: readonly string[] }): Promise<string>;
  close(): Promise<void>;
}

export async function sandboxWorld(): Promise<RegistryWorld> {
  const sandbox = createSandbox({ clock: virtualClock(Date.UTC(2026, 10, 24)) });
  const owner = new ECRClient({ ...sandbox.clientConfig({ account: pipeline }), maxAttempts: 1 });
  const registry = sandbox.account(pipeline).ecr();
  return {
    client: new ECRClient({ ...sandbox.clientConfig({ account: staging }), maxAttempts: 1 }),
    async createRepository(name) {
      registry.createRepository(name);
      registry.setPolicy(name, {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { AWS: staging }, Action: ["ecr:BatchGetImage", "ecr:DescribeImages"] },
        ],
      });
    },
    push: (image) => putImage(owner, image),
    async close() {},
  };
}

export async function motoWorld(moto: RunningMoto): Promise<RegistryWorld> {
  await moto.reset();
  const proxy = await registryProxy({ motoUrl: moto.url, registryAccount: pipeline });
  const owner = new ECRClient(clientConfig({ url: moto.url, account: pipeline }));
  const client = new ECRClient(clientConfig({ url: proxy.url, account: staging }));
  return {
    client,
    async createRepository(name) {
      await owner.send(new CreateRepositoryCommand({ repositoryName: name }));
    },
    push: (image) => putImage(owner, image),
    async close() {
      owner.destroy();
      client.destroy();
      await proxy.close();
    },
  };
}

/** A bare manifest: whoever reads heads looks no deeper while a tag names the commit. */
async function putImage(
  owner: ECRClient,
  image: { repository: string; contents: string; tags: readonly string[] },
): Promise<string> {
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const digest = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
  const config = { mediaType: "application/vnd.oci.image.config.v1+json", digest: digest(image.contents), size: 2 };
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] });
  for (const tag of image.tags) {
    await owner.send(
      new PutImageCommand({
        repositoryName: image.repository,
        imageManifest: manifest,
        imageManifestMediaType: mediaType,
        imageTag: tag,
        // moto makes up a digest where it is given none.
        imageDigest: digest(manifest),
      }),
    );
  }
  return digest(manifest);
}
