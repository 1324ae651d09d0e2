import { type ActionContext, type ActionHandler, AwsFault } from "../core/service.ts";
import { openRepository } from "./access.ts";
import { repositoryFault } from "./ecr-fault.ts";
import { requiredText, requireLength, textList, wholeNumber } from "./ecr-input.ts";
import type { LayerUpload, Repository } from "./ecr-state.ts";
import { layerUrl } from "./layer-downloads.ts";
import { digestOf } from "./manifest.ts";

type Input = Readonly<Record<string, unknown>>;

const mebibyte = 1024 * 1024;
/** Parts are at most 20 MiB, and at least 5 MiB but for the last (service model, API reference `CompleteLayerUpload`). */
const maxPart = 20 * mebibyte;
const minPart = 5 * mebibyte;
const anyByte = { min: 0, max: Number.MAX_SAFE_INTEGER };

export const layerActions: Readonly<Record<string, ActionHandler>> = {
  BatchCheckLayerAvailability(input, context) {
    const repository = openRepository(input, context, "BatchCheckLayerAvailability");
    const digests = textList(input, "layerDigests", 100) ?? [];
    requireLength("layerDigests", digests.length, 100);
    return { layers: digests.map((digest) => describeLayer(repository, digest)), failures: [] };
  },

  GetDownloadUrlForLayer(input, context) {
    const repository = openRepository(input, context, "GetDownloadUrlForLayer");
    const layerDigest = requiredText(input, "layerDigest");
    const layer = repository.layers.get(layerDigest);
    if (layer === undefined)
      throw repositoryFault(
        "LayersNotFoundException",
        `The layer with digest '${layerDigest}' does not exist`,
        repository,
      );
    return { downloadUrl: layerUrl(layer, context), layerDigest };
  },

  InitiateLayerUpload(input, context) {
    const repository = openRepository(input, context, "InitiateLayerUpload");
    const id = uploadId(context);
    repository.uploads.set(id, { id, parts: [] });
    return { uploadId: id, partSize: maxPart };
  },

  UploadLayerPart: uploadLayerPart,
  CompleteLayerUpload: completeLayerUpload,
};

function uploadLayerPart(input: Input, context: ActionContext) {
  const repository = openRepository(input, context, "UploadLayerPart");
  const upload = findUpload(repository, input);
  const first = wholeNumber(input, "partFirstByte", anyByte);
  const last = wholeNumber(input, "partLastByte", anyByte);
  const bytes = Buffer.from(requiredText(input, "layerPartBlob"), "base64");
  const received = sizeOf(upload);
  if (first !== received || last !== received + bytes.length - 1 || bytes.length > maxPart)
    throw invalidPart(repository, upload, received);
  upload.parts.push(bytes);
  return { ...names(repository), uploadId: upload.id, lastByteReceived: last };
}

function completeLayerUpload(input: Input, context: ActionContext) {
  const repository = openRepository(input, context, "CompleteLayerUpload");
  const upload = findUpload(repository, input);
  const digests = textList(input, "layerDigests", 100) ?? [];
  const bytes = Buffer.concat(upload.parts);
  const digest = digestOf(bytes);
  if (upload.parts.length === 0)
    throw repositoryFault("EmptyUploadException", `The upload '${upload.id}' contains no layer parts`, repository);
  if (upload.parts.slice(0, -1).some((part) => part.length < minPart))
    throw repositoryFault(
      "LayerPartTooSmallException",
      `Layer parts of upload '${upload.id}' are below 5 MiB`,
      repository,
    );
  if (!digests.includes(digest))
    throw repositoryFault(
      "InvalidLayerException",
      `The layer digest '${digest}' was not among the given ones`,
      repository,
    );
  if (repository.layers.has(digest))
    throw repositoryFault(
      "LayerAlreadyExistsException",
      `The layer with digest '${digest}' already exists`,
      repository,
    );
  repository.layers.set(digest, { bytes, mediaType: "application/octet-stream" });
  repository.uploads.delete(upload.id);
  return { ...names(repository), uploadId: upload.id, layerDigest: digest };
}

function describeLayer(repository: Repository, layerDigest: string) {
  const layer = repository.layers.get(layerDigest);
  if (layer === undefined) return { layerDigest, layerAvailability: "UNAVAILABLE" };
  const { bytes, mediaType } = layer;
  return { layerDigest, layerAvailability: "AVAILABLE", layerSize: bytes.length, mediaType };
}

function findUpload(repository: Repository, input: Input): LayerUpload {
  const id = requiredText(input, "uploadId");
  const upload = repository.uploads.get(id);
  if (upload === undefined)
    throw repositoryFault("UploadNotFoundException", `The upload with id '${id}' does not exist`, repository);
  return upload;
}

function invalidPart(repository: Repository, upload: LayerUpload, received: number): AwsFault {
  return new AwsFault(
    "InvalidLayerPartException",
    "The layer part is not valid: it does not begin where the last one ended, or its length is not what it says",
    {
      extra: { ...names(repository), uploadId: upload.id, lastValidByteReceived: received - 1 },
    },
  );
}

function sizeOf(upload: LayerUpload): number {
  return upload.parts.reduce((sum, part) => sum + part.length, 0);
}

function uploadId(context: ActionContext): string {
  return context.world.hexId(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function names(repository: Repository) {
  return { registryId: repository.registryId, repositoryName: repository.name };
}
