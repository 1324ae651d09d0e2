import { createHash } from "node:crypto";
import {
  BatchGetImageCommand,
  type BatchGetImageCommandOutput,
  DescribeImagesCommand,
  type ECRClient,
  type ImageIdentifier,
  PutImageCommand,
} from "@aws-sdk/client-ecr";
import { callService } from "./call-service.ts";
import { ReleaseError } from "./release-error.ts";

/** One repository of the registry, for one release. */
export interface Repository {
  readonly ecr: ECRClient;
  /** The account that owns the registry. */
  readonly registryId: string;
  readonly name: string;
  readonly signal: AbortSignal | undefined;
}

export interface Manifest {
  readonly digest: string;
  readonly text: string;
  readonly mediaType: string;
}

/** What BatchGetImage documents, with the indexes; all in one call, so that a tag on an index gives the index. */
const imageMediaTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** The tags of an image that is there and is one. Throws `digest-missing` and `not-an-image`. */
export async function readTagsOf(repository: Repository, digest: string): Promise<readonly string[]> {
  const object = nameOf(repository, `@${digest}`);
  const { registryId, name: repositoryName } = repository;
  const command = new DescribeImagesCommand({ registryId, repositoryName, imageIds: [{ imageDigest: digest }] });
  const answer = await callService({ action: "ecr:DescribeImages", object }, () =>
    repository.ecr.send(command, optionsOf(repository)),
  );
  const image = answer.imageDetails?.[0];
  const mediaType = image?.imageManifestMediaType ?? "no media type";
  if (!imageMediaTypes.includes(mediaType)) {
    throw new ReleaseError({
      code: "not-an-image",
      message: "only an image, or an index of images, can be released",
      where: object,
      expected: imageMediaTypes.join(" or "),
      found: mediaType,
      hint: "take the digest that the push of the image printed",
    });
  }
  return image?.imageTags ?? [];
}

/** The manifest of a digest, measured. */
export async function readManifest(repository: Repository, digest: string): Promise<Manifest> {
  const [reading] = await readIds(repository, [{ imageDigest: digest }]);
  if (reading?.kind === "manifest") return reading.manifest;
  throw new ReleaseError({
    code: "digest-missing",
    message: "the repository has no such image",
    where: nameOf(repository, `@${digest}`),
    hint: "push it again",
  });
}

/** The manifests that tags are on, measured, by tag; a tag that is not there is left out. */
export async function readTags(
  repository: Repository,
  tags: readonly string[],
): Promise<ReadonlyMap<string, Manifest>> {
  const readings = await readIds(
    repository,
    tags.map((imageTag) => ({ imageTag })),
  );
  return new Map(
    tags.flatMap((tag, index) => {
      const reading = readings[index];
      return reading?.kind === "manifest" ? [[tag, reading.manifest] as const] : [];
    }),
  );
}

/** Puts a tag on a manifest, or moves it there. It is there already: fine. An immutable tag that would move: throws. */
export async function putTag(repository: Repository, manifest: Manifest, tag: string): Promise<"put" | "immutable"> {
  const command = new PutImageCommand({
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageTag: tag,
    imageDigest: manifest.digest,
    imageManifest: manifest.text,
    imageManifestMediaType: manifest.mediaType,
  });
  const target = { action: "ecr:PutImage", object: nameOf(repository, `:${tag}`) };
  return callService(target, async () => {
    try {
      await repository.ecr.send(command, optionsOf(repository));
      return "put";
    } catch (error) {
      const name = error instanceof Error ? error.name : "";
      // The same digest under the same tag: also what a retry meets after the answer was lost.
      if (name === "ImageAlreadyExistsException") return "put";
      if (name === "ImageTagAlreadyExistsException") return "immutable";
      throw error;
    }
  });
}

/** For people: `111111111111/dga-web:staging`. */
export function nameOf(repository: Repository, reference: string): string {
  return `${repository.registryId}/${repository.name}${reference}`;
}

type Reading = { readonly kind: "manifest"; readonly manifest: Manifest } | { readonly kind: "absent" };

async function readIds(repository: Repository, ids: readonly ImageIdentifier[]): Promise<readonly Reading[]> {
  const answer = await batchGetImage(repository, ids);
  const readings = ids.map(async (id) => {
    const reading = findReading(repository, answer, id);
    // Two tags on one digest may be answered once, with either tag: then each is asked for alone.
    if (reading !== null) return reading;
    const alone = ids.length === 1 ? null : findReading(repository, await batchGetImage(repository, [id]), id);
    if (alone !== null) return alone;
    const where = nameOf(repository, describeId(id));
    throw new ReleaseError({ code: "registry-unavailable", message: "no answer for this image", where });
  });
  return Promise.all(readings);
}

function batchGetImage(repository: Repository, ids: readonly ImageIdentifier[]): Promise<BatchGetImageCommandOutput> {
  const command = new BatchGetImageCommand({
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageIds: [...ids],
    acceptedMediaTypes: [...imageMediaTypes],
  });
  const target = { action: "ecr:BatchGetImage", object: nameOf(repository, "") };
  return callService(target, () => repository.ecr.send(command, optionsOf(repository)));
}

function findReading(repository: Repository, answer: BatchGetImageCommandOutput, id: ImageIdentifier): Reading | null {
  const matches = (other: ImageIdentifier | undefined) =>
    id.imageTag === undefined ? other?.imageDigest === id.imageDigest : other?.imageTag === id.imageTag;
  const image = answer.images?.find((candidate) => matches(candidate.imageId));
  const where = nameOf(repository, describeId(id));
  if (image !== undefined) {
    const { imageManifest: text = "", imageManifestMediaType: mediaType = "" } = image;
    return {
      kind: "manifest",
      manifest: measure({ digest: image.imageId?.imageDigest ?? "", text, mediaType }, where),
    };
  }
  const failure = answer.failures?.find((candidate) => matches(candidate.imageId));
  if (failure === undefined) return null;
  if (failure.failureCode === "ImageNotFound") return { kind: "absent" };
  throw new ReleaseError({
    code: "image-inaccessible",
    message: "the registry can not hand out the image",
    where,
    found: `${failure.failureCode}: ${failure.failureReason}`,
    hint: "restore it if it is archived, or put this tag on another image",
  });
}

/** What is put under another tag has to be what its digest says, to the last byte. */
function measure(manifest: Manifest, where: string): Manifest {
  const measured = `sha256:${createHash("sha256").update(manifest.text).digest("hex")}`;
  if (measured === manifest.digest) return manifest;
  const message = "the manifest is not what its digest says";
  throw new ReleaseError({ code: "digest-mismatch", message, where, expected: manifest.digest, found: measured });
}

function describeId({ imageTag, imageDigest }: ImageIdentifier): string {
  return imageTag === undefined ? `@${imageDigest}` : `:${imageTag}`;
}

function optionsOf({ signal }: Repository): { readonly abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
