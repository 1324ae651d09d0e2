import { AwsFault } from "../core/service.ts";
import { ecrState, organizations, type RegistryPlace, type Repository, type StoredImage } from "./ecr-state.ts";
import { archiveImage, restoreImage } from "./image-archive.ts";
import { type ImagePush, pushImage } from "./image-push.ts";
import { isFailure, putImage, removeImage, resolveImage, tagsOf } from "./image-store.ts";
import { readManifest } from "./manifest.ts";
import { parseRepositoryPolicy } from "./policy-document.ts";
import { createRepository, deleteRepository, findRepository, type NewRepository } from "./repositories.ts";

export interface RegistryImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly mediaType: string;
  readonly manifest: string;
  readonly pushedAt: Date;
  readonly status: "ACTIVE" | "ARCHIVED" | "ACTIVATING";
}

/**
 * One account's registry in one region, for setting it up and looking into it without a client. Throws `AwsFault`
 * with ECR's own codes, such as `RepositoryNotFoundException`.
 */
export interface EcrRegistry {
  createRepository(name: string, options?: NewRepository): void;
  /** With everything in it. */
  deleteRepository(name: string): void;
  repositories(): readonly string[];
  /** Pushes what `docker push` would, and gives its digest. Two pushes of the same contents are different images. */
  pushImage(push: ImagePush): string;
  /** Puts the tag on an image that is there. Nothing happens where it has it already. */
  tag(repository: string, tag: string, digest: string): void;
  /** Takes the tag off; the image stays, untagged. */
  untag(repository: string, tag: string): void;
  deleteImage(repository: string, digest: string): void;
  archiveImage(repository: string, digest: string): void;
  restoreImage(repository: string, digest: string): void;
  /** A policy document, or its text; null takes the policy away. */
  setPolicy(repository: string, policy: object | string | null): void;
  /** By the time of their push. */
  images(repository: string): readonly RegistryImage[];
  /** Null where the tag is not there. */
  digestOf(repository: string, tag: string): string | null;
  /** Null where the layer or config blob is not there. */
  layer(repository: string, digest: string): Uint8Array | null;
  /** Puts accounts into an organization, for policies with `aws:PrincipalOrgID`. */
  joinOrganization(organizationId: string, accounts: readonly string[]): void;
}

/** The registry of that account and region in that world. */
export function ecrRegistry(place: RegistryPlace): EcrRegistry {
  const find = (name: string) => findRepository(ecrState(place), name, place.account);
  return {
    createRepository: (name, options) => void createRepository(place, name, options),
    deleteRepository: (name) => deleteRepository(place, find(name), true),
    repositories: () => [...ecrState(place).repositories.keys()].sort(),
    pushImage: (push) => pushImage(place, find(push.repository), push),
    tag: (name, tag, digest) => addTag(place, find(name), { tag, digest }),
    untag: (name, tag) => void find(name).tags.delete(tag),
    deleteImage: (name, digest) => removeImage(find(name), requireImage(find(name), digest).digest),
    archiveImage: (name, digest) => archiveImage(requireImage(find(name), digest), place.clock),
    restoreImage: (name, digest) => restoreImage(requireImage(find(name), digest), place.clock),
    setPolicy(name, policy) {
      const text = policy === null || typeof policy === "string" ? policy : JSON.stringify(policy);
      find(name).policy = text === null ? null : parseRepositoryPolicy(text);
    },
    images: (name) => listImages(find(name)),
    digestOf: (name, tag) => find(name).tags.get(tag) ?? null,
    layer: (name, digest) => find(name).layers.get(digest)?.bytes ?? null,
    joinOrganization(organizationId, accounts) {
      for (const account of accounts) organizations(place.world).set(account, organizationId);
    },
  };
}

function addTag(place: RegistryPlace, repository: Repository, target: { tag: string; digest: string }): void {
  const { tag, digest } = target;
  if (repository.tags.get(tag) === digest) return;
  const image = requireImage(repository, digest);
  const manifest = readManifest(image.manifest, image.mediaType, false);
  putImage(repository, { manifest, tag, pushedAt: place.clock.now() });
}

function requireImage(repository: Repository, digest: string): StoredImage {
  const image = resolveImage(repository, { imageDigest: digest });
  if (isFailure(image))
    throw new AwsFault("ImageNotFoundException", `${repository.name}: ${image.failureReason}: ${digest}`);
  return image;
}

function listImages(repository: Repository): readonly RegistryImage[] {
  const images = [...repository.images.values()].sort((a, b) => a.pushedAt - b.pushedAt);
  return images.map(({ digest, mediaType, manifest, pushedAt, status }) => ({
    digest,
    tags: tagsOf(repository, digest),
    mediaType,
    manifest,
    pushedAt: new Date(pushedAt),
    status,
  }));
}
