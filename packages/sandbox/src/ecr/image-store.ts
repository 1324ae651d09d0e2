import type { AwsFault } from "../core/service.ts";
import { invalidParameter, repositoryFault } from "./ecr-fault.ts";
import type { ImageId } from "./ecr-input.ts";
import type { Repository, StoredImage } from "./ecr-state.ts";
import { isIndex, type Manifest } from "./manifest.ts";
import { requireMovable } from "./tag-mutability.ts";

/** 1 to 300 characters (service model, `ImageTag`), of those a tag may have in a registry. */
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,299}$/;
const digestPattern = /^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$/;

export interface ImagePut {
  readonly manifest: Manifest;
  readonly tag: string | undefined;
  /** Milliseconds. */
  readonly pushedAt: number;
  /** Whether the layers must be there; as the repository has it when not given. */
  readonly strict?: boolean;
}

/** Adds an image, a tag, or moves a tag; the image that loses its tag stays, untagged (ECR guide, "Retagging"). */
export function putImage(repository: Repository, put: ImagePut): StoredImage {
  const { manifest, tag, pushedAt, strict = repository.strict } = put;
  if (tag !== undefined && !isTag(tag)) throw invalidParameter("imageTag", `Invalid image tag ${tag}`);
  requireReferences(repository, manifest, strict);
  const known = repository.images.get(manifest.digest);
  const tagged = tag === undefined ? undefined : repository.tags.get(tag);
  if (known !== undefined && (tag === undefined || tagged === known.digest))
    throw alreadyExists(repository, known, tag);
  if (tag !== undefined && tagged !== undefined) requireMovable(repository, tag);
  const image = known ?? newImage(repository, manifest, pushedAt);
  repository.images.set(image.digest, image);
  if (tag !== undefined) repository.tags.set(tag, image.digest);
  return image;
}

export function tagsOf(repository: Repository, digest: string): readonly string[] {
  return [...repository.tags].flatMap(([tag, tagged]) => (tagged === digest ? [tag] : []));
}

/** Takes an image away, and its tags with it. */
export function removeImage(repository: Repository, digest: string): void {
  for (const tag of tagsOf(repository, digest)) repository.tags.delete(tag);
  repository.images.delete(digest);
}

export function isReferenced(repository: Repository, digest: string): boolean {
  return [...repository.images.values()].some((image) => image.children.includes(digest));
}

export interface ImageFailure {
  readonly failureCode: string;
  readonly failureReason: string;
}

/** The image that an id means, or why it means none. */
export function resolveImage(repository: Repository, id: ImageId): StoredImage | ImageFailure {
  const { imageDigest, imageTag } = id;
  if (imageDigest === undefined && imageTag === undefined)
    return failure("MissingDigestAndTag", "Invalid request parameters: both tag and digest cannot be null");
  if (imageDigest !== undefined && !digestPattern.test(imageDigest))
    return failure(
      "InvalidImageDigest",
      `Invalid request parameters: image digest should satisfy the regex '${digestPattern.source}'`,
    );
  if (imageTag !== undefined && !isTag(imageTag))
    return failure("InvalidImageTag", "Invalid request parameters: image tag should satisfy the regex of a tag");
  const byTag = imageTag === undefined ? undefined : repository.tags.get(imageTag);
  if (imageTag !== undefined && imageDigest !== undefined && byTag !== undefined && byTag !== imageDigest)
    return failure("ImageTagDoesNotMatchDigest", "The image tag does not match the image digest");
  const digest = imageTag === undefined ? imageDigest : byTag;
  const image = digest === undefined ? undefined : repository.images.get(digest);
  return image ?? failure("ImageNotFound", "Requested image not found");
}

export function isFailure(value: StoredImage | ImageFailure): value is ImageFailure {
  return "failureCode" in value;
}

function requireReferences(repository: Repository, manifest: Manifest, strict: boolean): void {
  const children = manifest.children.filter((child) => !repository.images.has(child.digest));
  if (children.length > 0)
    throw repositoryFault(
      "ReferencedImagesNotFoundException",
      `Images with digests ${list(children)} required for pushing image do not exist`,
      repository,
    );
  const layers = manifest.blobs.filter((blob) => !repository.layers.has(blob.digest));
  if (strict && layers.length > 0)
    throw repositoryFault(
      "LayersNotFoundException",
      `Layers with digests ${list(layers)} required for pushing image do not exist`,
      repository,
    );
}

function newImage(repository: Repository, manifest: Manifest, pushedAt: number): StoredImage {
  return {
    digest: manifest.digest,
    manifest: manifest.text,
    mediaType: manifest.mediaType,
    artifactMediaType: isIndex(manifest.mediaType) ? null : manifest.artifactMediaType,
    subject: manifest.subject,
    children: manifest.children.map((child) => child.digest),
    sizeInBytes: manifest.blobs.reduce(
      (sum, { digest, size }) => sum + (repository.layers.get(digest)?.bytes.length ?? size),
      0,
    ),
    pushedAt,
    status: "ACTIVE",
    archivedAt: null,
    activatedAt: null,
    pulledAt: null,
  };
}

function alreadyExists(repository: Repository, image: StoredImage, tag: string | undefined): AwsFault {
  const start = `Image with digest '${image.digest}'${tag === undefined ? "" : ` and tag '${tag}'`} already exists`;
  return repositoryFault("ImageAlreadyExistsException", start, repository);
}

function list(descriptors: readonly { readonly digest: string }[]): string {
  return `[${descriptors.map(({ digest }) => digest).join(", ")}]`;
}

export function isTag(tag: string): boolean {
  return tagPattern.test(tag);
}

function failure(failureCode: string, failureReason: string): ImageFailure {
  return { failureCode, failureReason };
}
