import { type ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import type { ImageDigest } from "@windlass/deployment";
import { callRegistry, type RegistrySession } from "./call-registry.ts";
import { EcrTagDiffError } from "./ecr-tag-diff-error.ts";
import { layerBytes } from "./manifest.ts";
import { createPacer } from "./pacer.ts";
import { readManifests } from "./read-manifests.ts";

export interface PullableImage {
  /** The compressed size of all layers; null for an index, whose platforms are not looked at. */
  readonly bytes: number | null;
}

/** What a container engine logs in to the registry with. */
export interface RegistryLogin {
  readonly user: string;
  /** Secret. Valid for 12 hours; its length is not fixed. */
  readonly password: string;
}

/** What whoever wants to pull an image by its digest asks of the registry. */
export interface ImageAccess {
  /**
   * Makes sure that the digest is there and can be read. The manifest is measured: its digest is the one asked for.
   * Throws `EcrTagDiffError`, among others `image-missing`, `repository-missing`, `image-archived`, `access-denied`.
   */
  find(image: { readonly repository: string; readonly digest: ImageDigest }): Promise<PullableImage>;
  /**
   * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html: one token serves every
   * registry that the caller may read. Throws `EcrTagDiffError`, among others `access-denied`.
   */
  login(): Promise<RegistryLogin>;
}

export interface ImageAccessOptions {
  /** In the registry's region. */
  readonly client: ECRClient;
  /** The account that owns the registry. */
  readonly registryId: string;
  /** Ends what is under way with the error `aborted`. */
  readonly signal?: AbortSignal;
}

export function createImageAccess({ client, registryId, signal }: ImageAccessOptions): ImageAccess {
  const pace = createPacer({ concurrency: 1, signal });
  const session: RegistrySession = { client, registryId, pace, fetch, signal };
  return {
    async find({ repository, digest }) {
      const [reading] = await readManifests(session, repository, [{ imageDigest: digest }]);
      if (reading?.kind === "manifest") return { bytes: layerBytes(reading.text) };
      if (reading?.kind === "failed") throw reading.error;
      throw new EcrTagDiffError({
        code: "image-missing",
        message: "the repository has no image of this digest",
        where: `${registryId}/${repository}`,
        expected: digest,
        hint: "a lifecycle rule may have expired it: push and release it again",
      });
    },
    login: () => login(session),
  };
}

async function login(session: RegistrySession): Promise<RegistryLogin> {
  const target = { action: "GetAuthorizationToken", repository: "*" };
  const answer = await callRegistry(session, target, (options) =>
    session.client.send(new GetAuthorizationTokenCommand({}), options),
  );
  const token = answer.authorizationData?.[0]?.authorizationToken ?? "";
  const [user = "", ...password] = Buffer.from(token, "base64").toString("utf8").split(":");
  if (user !== "" && password.length > 0) return { user, password: password.join(":") };
  const message = "the registry gave no authorization token";
  throw new EcrTagDiffError({ code: "answer-incomplete", message, where: "GetAuthorizationToken" });
}
