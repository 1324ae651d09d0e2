import { type ActionContext, type ActionHandler, AwsFault } from "../core/service.ts";
import { openRepository } from "./access.ts";
import { invalidParameter } from "./ecr-fault.ts";
import { asObject, type ImageId, imageIdList, oneOf, textList } from "./ecr-input.ts";
import type { ImageStatus, Repository, StoredImage } from "./ecr-state.ts";
import { type ImageFailure, isFailure, resolveImage, tagsOf } from "./image-store.ts";
import { chooseManifest } from "./manifest-choice.ts";
import { page, refusePaging } from "./paging.ts";

type Input = Readonly<Record<string, unknown>>;

export const imageReadActions: Readonly<Record<string, ActionHandler>> = {
  BatchGetImage: batchGetImage,
  DescribeImages: describeImages,
  ListImages: listImages,
};

/** Answers partly: what can not be given is listed in `failures`. */
function batchGetImage(input: Input, context: ActionContext) {
  const repository = openRepository(input, context, "BatchGetImage");
  const ids = requireIds(imageIdList(input));
  const accepted = textList(input, "acceptedMediaTypes", 100);
  const answers = ids.map((imageId) => ({ imageId, answer: getImage(repository, imageId, accepted) }));
  for (const { answer } of answers) if (!("failureCode" in answer)) answer.image.pulledAt = context.clock.now();
  return {
    images: answers.flatMap(({ answer }) => ("failureCode" in answer ? [] : [answer.shown])),
    failures: answers.flatMap(({ imageId, answer }) => ("failureCode" in answer ? [{ imageId, ...answer }] : [])),
  };
}

/** The image that an id means, as a client gets it that accepts those types, or why it gets none. */
export function getImage(repository: Repository, id: ImageId, accepted: readonly string[] | undefined) {
  const image = resolveImage(repository, id);
  if (isFailure(image)) return image;
  if (image.status !== "ACTIVE") return archived(image.status);
  const manifest = chooseManifest(repository, image, { accepted, byTag: id.imageTag !== undefined });
  if (manifest === null)
    return { failureCode: "ImageNotFound", failureReason: "Requested image not found" } satisfies ImageFailure;
  const shown = {
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageId: { imageDigest: manifest.digest, ...(id.imageTag === undefined ? {} : { imageTag: id.imageTag }) },
    imageManifest: manifest.text,
    imageManifestMediaType: manifest.mediaType,
  };
  return { image, shown };
}

/** An archived image can not be pulled until it is restored (ECR guide, "Archiving an image"). */
function archived(status: ImageStatus): ImageFailure {
  return { failureCode: "ImageInaccessible", failureReason: `Requested image is ${status.toLowerCase()}` };
}

/** With ids: all of them or an error, without paging. Only active images unless the filter says otherwise. */
function describeImages(input: Input, context: ActionContext) {
  const repository = openRepository(input, context, "DescribeImages");
  const ids = imageIdList(input);
  const selects = readFilter(input, repository);
  if (ids === undefined) {
    const { items, nextToken } = page(sortedImages(repository).filter(selects), input);
    const imageDetails = items.map((image) => describeImage(repository, image));
    return { imageDetails, ...(nextToken === undefined ? {} : { nextToken }) };
  }
  refusePaging(input, "imageIds");
  const images = ids.map((id) => {
    const image = resolveImage(repository, id);
    if (isFailure(image) || !selects(image)) throw imageNotFound(repository, id);
    return image;
  });
  return { imageDetails: [...new Set(images)].map((image) => describeImage(repository, image)) };
}

/** One entry for each tag, and one for each image without tags. */
function listImages(input: Input, context: ActionContext) {
  const repository = openRepository(input, context, "ListImages");
  const images = sortedImages(repository).filter(readFilter(input, repository));
  const pairs = images.flatMap(({ digest }): ImageId[] => {
    const tags = tagsOf(repository, digest);
    return tags.length === 0 ? [{ imageDigest: digest }] : tags.map((imageTag) => ({ imageDigest: digest, imageTag }));
  });
  const { items, nextToken } = page(pairs, input);
  return { imageIds: items, ...(nextToken === undefined ? {} : { nextToken }) };
}

function readFilter(input: Input, repository: Repository): (image: StoredImage) => boolean {
  const filter = input["filter"] === undefined ? {} : asObject(input["filter"], "filter");
  const tagStatus = oneOf(filter, "tagStatus", ["TAGGED", "UNTAGGED", "ANY"]) ?? "ANY";
  const imageStatus = oneOf(filter, "imageStatus", ["ACTIVE", "ARCHIVED", "ACTIVATING", "ANY"]) ?? "ACTIVE";
  return (image) =>
    (tagStatus === "ANY" || (tagStatus === "TAGGED") === tagsOf(repository, image.digest).length > 0) &&
    (imageStatus === "ANY" || imageStatus === image.status);
}

/** By digest: no order that anybody could rely on. */
function sortedImages(repository: Repository): readonly StoredImage[] {
  return [...repository.images.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1));
}

function describeImage(repository: Repository, image: StoredImage) {
  const tags = tagsOf(repository, image.digest);
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageDigest: image.digest,
    ...(tags.length === 0 ? {} : { imageTags: tags }),
    imageSizeInBytes: image.sizeInBytes,
    imagePushedAt: image.pushedAt / 1000,
    imageManifestMediaType: image.mediaType,
    ...(image.artifactMediaType === null ? {} : { artifactMediaType: image.artifactMediaType }),
    ...(image.subject === null ? {} : { subjectManifestDigest: image.subject }),
    imageStatus: image.status,
    ...(image.pulledAt === null ? {} : { lastRecordedPullTime: image.pulledAt / 1000 }),
    ...(image.archivedAt === null ? {} : { lastArchivedAt: image.archivedAt / 1000 }),
    ...(image.activatedAt === null ? {} : { lastActivatedAt: image.activatedAt / 1000 }),
  };
}

function imageNotFound(repository: Repository, id: ImageId): AwsFault {
  const shown = `{imageDigest:'${id.imageDigest ?? "null"}', imageTag:'${id.imageTag ?? "null"}'}`;
  return new AwsFault(
    "ImageNotFoundException",
    `The image with imageId ${shown} does not exist within the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`,
  );
}

function requireIds(ids: readonly ImageId[] | undefined): readonly ImageId[] {
  if (ids === undefined) throw invalidParameter("imageIds", "Member must not be null");
  return ids;
}
