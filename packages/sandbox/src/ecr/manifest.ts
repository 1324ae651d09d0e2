import { createHash } from "node:crypto";
import { invalidParameter } from "./ecr-fault.ts";
import { asObject } from "./ecr-input.ts";

export const mediaTypes = {
  dockerV1: "application/vnd.docker.distribution.manifest.v1+json",
  dockerImage: "application/vnd.docker.distribution.manifest.v2+json",
  dockerList: "application/vnd.docker.distribution.manifest.list.v2+json",
  ociImage: "application/vnd.oci.image.manifest.v1+json",
  ociIndex: "application/vnd.oci.image.index.v1+json",
} as const;

const images: readonly string[] = [mediaTypes.dockerV1, mediaTypes.dockerImage, mediaTypes.ociImage];
const indexes: readonly string[] = [mediaTypes.dockerList, mediaTypes.ociIndex];

export interface Descriptor {
  readonly digest: string;
  readonly size: number;
  readonly mediaType: string;
  readonly platform: string | null;
}

export interface Manifest {
  readonly text: string;
  readonly digest: string;
  readonly mediaType: string;
  readonly artifactMediaType: string | null;
  readonly subject: string | null;
  /** Config and layers of an image. */
  readonly blobs: readonly Descriptor[];
  /** Manifests of an index. */
  readonly children: readonly Descriptor[];
}

/** What a manifest is called by: the hash of its very bytes (OCI image specification, "Digests"). */
export function digestOf(bytes: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export function isIndex(mediaType: string): boolean {
  return indexes.includes(mediaType);
}

/**
 * Reads a manifest as it is pushed. Without `strict` a bare object is enough, so that people can push a manifest by
 * hand; what it says of itself must still agree with what the request says.
 */
export function readManifest(text: string, declared: string | undefined, strict: boolean): Manifest {
  if (Buffer.byteLength(text) > 4_194_304)
    throw invalidParameter("imageManifest", "Member must have length <= 4194304");
  const value = parse(text);
  const mediaType = decideMediaType(value, declared);
  if (strict && value["schemaVersion"] !== 2) throw invalidParameter("imageManifest", "Unsupported schemaVersion");
  if (strict && !isIndex(mediaType) && value["config"] === undefined)
    throw invalidParameter("imageManifest", "Missing config");
  const config = value["config"] === undefined ? undefined : readDescriptor(value["config"]);
  const subject = value["subject"] === undefined ? null : readDescriptor(value["subject"]).digest;
  const artifactType = value["artifactType"];
  return {
    text,
    digest: digestOf(text),
    mediaType,
    artifactMediaType: typeof artifactType === "string" ? artifactType : (config?.mediaType ?? null),
    subject,
    blobs: isIndex(mediaType) ? [] : [...(config === undefined ? [] : [config]), ...readDescriptors(value["layers"])],
    children: isIndex(mediaType) ? readDescriptors(value["manifests"]) : [],
  };
}

/**
 * The manifest in another single-image type. A pull by tag is translated for a client that does not take the stored
 * type, which makes other bytes and another digest (ECR guide, "Container image manifest format support").
 */
export function translateManifest(manifest: Manifest, mediaType: string): Manifest {
  const value = JSON.parse(manifest.text) as Record<string, unknown>;
  return readManifest(JSON.stringify({ ...value, mediaType }), mediaType, false);
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(text), "imageManifest");
  } catch (error) {
    if (error instanceof SyntaxError) throw invalidParameter("imageManifest", "Invalid JSON syntax");
    throw error;
  }
}

function decideMediaType(value: Readonly<Record<string, unknown>>, declared: string | undefined): string {
  const own = value["mediaType"];
  if (own !== undefined && typeof own !== "string") throw invalidParameter("imageManifest", "Invalid mediaType");
  if (own !== undefined && declared !== undefined && own !== declared)
    throw invalidParameter("imageManifestMediaType", `Manifest media type ${own} does not match ${declared}`);
  const mediaType = own ?? declared ?? (value["manifests"] === undefined ? mediaTypes.ociImage : mediaTypes.ociIndex);
  if (!images.includes(mediaType) && !indexes.includes(mediaType))
    throw invalidParameter("imageManifestMediaType", `Unsupported media type ${mediaType}`);
  if (isIndex(mediaType) !== Array.isArray(value["manifests"]))
    throw invalidParameter("imageManifest", `Manifest does not have the form of ${mediaType}`);
  return mediaType;
}

function readDescriptors(value: unknown): readonly Descriptor[] {
  return Array.isArray(value) ? value.map(readDescriptor) : [];
}

function readDescriptor(value: unknown): Descriptor {
  const descriptor = asObject(value, "imageManifest");
  const { digest, size, mediaType, platform } = descriptor;
  if (typeof digest !== "string" && digest !== undefined) throw invalidParameter("imageManifest", "Invalid digest");
  return {
    digest: digest ?? "",
    size: typeof size === "number" ? size : 0,
    mediaType: typeof mediaType === "string" ? mediaType : "",
    platform: readPlatform(platform),
  };
}

function readPlatform(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return null;
  const { os, architecture } = value as Readonly<Record<string, unknown>>;
  return typeof os === "string" && typeof architecture === "string" ? `${os}/${architecture}` : null;
}
