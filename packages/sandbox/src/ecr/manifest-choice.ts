import type { Repository, StoredImage } from "./ecr-state.ts";
import { isIndex, type Manifest, mediaTypes, readManifest, translateManifest } from "./manifest.ts";

export interface ManifestRequest {
  /** Undefined: whatever is stored. */
  readonly accepted: readonly string[] | undefined;
  readonly byTag: boolean;
}

const translatable: readonly string[] = [mediaTypes.dockerImage, mediaTypes.ociImage];

/**
 * Which manifest a client gets that accepts only some media types. By tag, the service gives what the client takes:
 * for an index, the manifest of linux/amd64; for an image, a translation. Either has a digest of its own, which is not
 * the one behind the tag (API reference, `BatchGetImage` `acceptedMediaTypes`; what an index gives is not documented,
 * so this is the worse of the possible answers). By digest nothing is translated. Null: there is nothing to give.
 */
export function chooseManifest(repository: Repository, image: StoredImage, request: ManifestRequest): Manifest | null {
  const { accepted, byTag } = request;
  const stored = readStored(image);
  if (accepted === undefined || accepted.includes(image.mediaType)) return stored;
  if (!byTag) return null;
  if (isIndex(image.mediaType)) return chooseChild(repository, stored, request);
  const target = accepted.find((mediaType) => translatable.includes(mediaType));
  return target === undefined || !translatable.includes(image.mediaType) ? null : translateManifest(stored, target);
}

function chooseChild(repository: Repository, index: Manifest, request: ManifestRequest): Manifest | null {
  const platform = index.children.find((child) => child.platform === "linux/amd64");
  const child = repository.images.get(platform?.digest ?? "");
  return child === undefined ? null : chooseManifest(repository, child, request);
}

function readStored(image: StoredImage): Manifest {
  return readManifest(image.manifest, image.mediaType, false);
}
