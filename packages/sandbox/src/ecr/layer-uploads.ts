import { type ActionContext, AwsFault } from "../core/service.ts";
import { repositoryFault } from "./ecr-fault.ts";
import type { LayerUpload, Repository } from "./ecr-state.ts";
import { digestOf } from "./manifest.ts";

const mebibyte = 1024 * 1024;
/** Parts are at most 20 MiB, and at least 5 MiB but for the last (service model, API reference `CompleteLayerUpload`). */
export const maxPart = 20 * mebibyte;
const minPart = 5 * mebibyte;

export function startUpload(repository: Repository, { world }: ActionContext): LayerUpload {
  const id = world.hexId(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  const upload = { id, parts: [] };
  repository.uploads.set(id, upload);
  return upload;
}

export function findUpload(repository: Repository, id: string): LayerUpload {
  const upload = repository.uploads.get(id);
  if (upload === undefined)
    throw repositoryFault("UploadNotFoundException", `The upload with id '${id}' does not exist`, repository);
  return upload;
}

export function receivedBytes(upload: Pick<LayerUpload, "parts">): number {
  return upload.parts.reduce((sum, part) => sum + part.length, 0);
}

/** Makes a layer of what was uploaded, if it has one of those digests, and gives that digest. */
export function completeUpload(repository: Repository, upload: LayerUpload, digests: readonly string[]): string {
  const { digest, bytes } = readUpload(repository, upload, digests);
  if (repository.layers.has(digest))
    throw repositoryFault(
      "LayerAlreadyExistsException",
      `The layer with digest '${digest}' already exists`,
      repository,
    );
  repository.layers.set(digest, { bytes, mediaType: "application/octet-stream" });
  repository.uploads.delete(upload.id);
  return digest;
}

interface UploadedLayer {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** What was uploaded, if it is a layer with one of those digests. */
export function readUpload(
  repository: Repository,
  { id, parts }: LayerUpload,
  digests: readonly string[],
): UploadedLayer {
  if (parts.length === 0)
    throw repositoryFault("EmptyUploadException", `The upload '${id}' contains no layer parts`, repository);
  if (parts.slice(0, -1).some((part) => part.length < minPart))
    throw repositoryFault("LayerPartTooSmallException", `Layer parts of upload '${id}' are below 5 MiB`, repository);
  const bytes = joinParts(parts);
  const digest = digestOf(bytes);
  if (!digests.includes(digest))
    throw repositoryFault(
      "InvalidLayerException",
      `The layer digest '${digest}' was not among the given ones`,
      repository,
    );
  return { digest, bytes };
}

export function invalidPart(repository: Repository, upload: LayerUpload): AwsFault {
  return new AwsFault(
    "InvalidLayerPartException",
    "The layer part is not valid: it does not begin where the last one ended, or its length is not what it says",
    {
      extra: {
        registryId: repository.registryId,
        repositoryName: repository.name,
        uploadId: upload.id,
        lastValidByteReceived: receivedBytes(upload) - 1,
      },
    },
  );
}

/** Layers have a hundred megabytes and more: what came in one part is not copied. */
function joinParts(parts: readonly Uint8Array[]): Uint8Array {
  const [only, ...more] = parts;
  return only !== undefined && more.length === 0 ? only : Buffer.concat(parts);
}
