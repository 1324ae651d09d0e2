import type { ActionContext, ActionHandler } from "../core/service.ts";
import { openRepository } from "./access.ts";
import { repositoryFault } from "./ecr-fault.ts";
import { requiredText, requireLength, textList, wholeNumber } from "./ecr-input.ts";
import type { Repository } from "./ecr-state.ts";
import { layerUrl } from "./layer-downloads.ts";
import { completeUpload, findUpload, invalidPart, maxPart, receivedBytes, startUpload } from "./layer-uploads.ts";

type Input = Readonly<Record<string, unknown>>;

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
    return { uploadId: startUpload(repository, context).id, partSize: maxPart };
  },

  UploadLayerPart: uploadLayerPart,
  CompleteLayerUpload: completeLayerUpload,
};

function uploadLayerPart(input: Input, context: ActionContext) {
  const repository = openRepository(input, context, "UploadLayerPart");
  const upload = findUpload(repository, requiredText(input, "uploadId"));
  const first = wholeNumber(input, "partFirstByte", anyByte);
  const last = wholeNumber(input, "partLastByte", anyByte);
  const bytes = Buffer.from(requiredText(input, "layerPartBlob"), "base64");
  const received = receivedBytes(upload);
  if (first !== received || last !== received + bytes.length - 1 || bytes.length > maxPart)
    throw invalidPart(repository, upload);
  upload.parts.push(bytes);
  return { ...names(repository), uploadId: upload.id, lastByteReceived: last };
}

function completeLayerUpload(input: Input, context: ActionContext) {
  const repository = openRepository(input, context, "CompleteLayerUpload");
  const upload = findUpload(repository, requiredText(input, "uploadId"));
  const layerDigest = completeUpload(repository, upload, textList(input, "layerDigests", 100) ?? []);
  return { ...names(repository), uploadId: upload.id, layerDigest };
}

function describeLayer(repository: Repository, layerDigest: string) {
  const layer = repository.layers.get(layerDigest);
  if (layer === undefined) return { layerDigest, layerAvailability: "UNAVAILABLE" };
  const { bytes, mediaType } = layer;
  return { layerDigest, layerAvailability: "AVAILABLE", layerSize: bytes.length, mediaType };
}

function names(repository: Repository) {
  return { registryId: repository.registryId, repositoryName: repository.name };
}
