import { type ActionContext, type ActionHandler, AwsFault } from "../core/service.ts";
import { openRepository } from "./access.ts";
import { invalidParameter, repositoryFault } from "./ecr-fault.ts";
import { type ImageId, imageIdList, oneOf, optionalText, readImageId, requiredText } from "./ecr-input.ts";
import type { Repository } from "./ecr-state.ts";
import { archiveImage, restoreImage } from "./image-archive.ts";
import { isFailure, isReferenced, putImage, removeImage, resolveImage, tagsOf } from "./image-store.ts";
import { readManifest } from "./manifest.ts";

type Input = Readonly<Record<string, unknown>>;

export const imageWriteActions: Readonly<Record<string, ActionHandler>> = {
  PutImage(input, context) {
    const repository = openRepository(input, context, "PutImage");
    const text = requiredText(input, "imageManifest");
    const manifest = readManifest(text, optionalText(input, "imageManifestMediaType"), repository.strict);
    const claimed = optionalText(input, "imageDigest");
    if (claimed !== undefined && claimed !== manifest.digest)
      throw new AwsFault(
        "ImageDigestDoesNotMatchException",
        `Image digest ${claimed} does not match the digest ${manifest.digest} calculated from the image manifest`,
      );
    const tag = optionalText(input, "imageTag");
    const image = putImage(repository, { manifest, tag, pushedAt: context.clock.now() });
    const imageId = { imageDigest: image.digest, ...(tag === undefined ? {} : { imageTag: tag }) };
    const shown = {
      registryId: repository.registryId,
      repositoryName: repository.name,
      imageId,
      imageManifest: text,
      imageManifestMediaType: manifest.mediaType,
    };
    return { image: shown };
  },

  BatchDeleteImage: batchDeleteImage,

  UpdateImageStorageClass(input, context) {
    const repository = openRepository(input, context, "UpdateImageStorageClass");
    const imageId = readImageId(input["imageId"], "imageId");
    const image = resolveImage(repository, imageId);
    if (isFailure(image)) throw repositoryFault("ImageNotFoundException", "The image does not exist", repository);
    const target = oneOf(input, "targetStorageClass", ["STANDARD", "ARCHIVE"]);
    if (target === undefined) throw invalidParameter("targetStorageClass", "Member must not be null");
    if (target === "ARCHIVE") archiveImage(image, context.clock);
    else restoreImage(image, context.clock);
    return { registryId: repository.registryId, repositoryName: repository.name, imageId, imageStatus: image.status };
  },
};

function batchDeleteImage(input: Input, context: ActionContext) {
  const repository = openRepository(input, context, "BatchDeleteImage");
  const ids = imageIdList(input);
  if (ids === undefined) throw invalidParameter("imageIds", "Member must not be null");
  const answers = ids.map((imageId) => deleteOne(repository, imageId));
  return {
    imageIds: answers.flatMap((answer) => answer.deleted),
    failures: answers.flatMap((answer) => answer.failures),
  };
}

/** By tag, the image goes with its last tag; by digest, with all of them (API reference, `BatchDeleteImage`). */
function deleteOne(repository: Repository, imageId: ImageId) {
  const image = resolveImage(repository, imageId);
  if (isFailure(image)) return { deleted: [], failures: [{ imageId, ...image }] };
  const { digest } = image;
  const tags = tagsOf(repository, digest);
  if (imageId.imageTag !== undefined && tags.length > 1) {
    repository.tags.delete(imageId.imageTag);
    return { deleted: [{ imageDigest: digest, imageTag: imageId.imageTag }], failures: [] };
  }
  if (isReferenced(repository, digest)) {
    const failureReason = "Requested image referenced by manifest list";
    return { deleted: [], failures: [{ imageId, failureCode: "ImageReferencedByManifestList", failureReason }] };
  }
  removeImage(repository, digest);
  const pairs = tags.map((imageTag) => ({ imageDigest: digest, imageTag }));
  return { deleted: pairs.length === 0 ? [{ imageDigest: digest }] : pairs, failures: [] };
}
