import { createHash } from "node:crypto";

/** The label and annotation in which builders record the commit (OCI image specification, annotations). */
const revisionKey = "org.opencontainers.image.revision";

/** Asked for in one call, so that a tag on an index gives the index and not one of its platforms. */
export const manifestMediaTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

const configMediaTypes: ReadonlySet<string> = new Set([
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
]);

/** What of a manifest leads to a commit. */
export type Manifest =
  | { readonly kind: "index"; readonly commit: string | null; readonly firstPlatform: string | null }
  | { readonly kind: "image"; readonly commit: string | null; readonly config: string | null }
  /** Neither; its digest is right, so it will never be anything else. */
  | { readonly kind: "other" };

export function digestOf(content: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

export function parseManifest(text: string): Manifest {
  const manifest = parseObject(text);
  const commit = commitIn(objectAt(manifest, "annotations"));
  const children = manifest["manifests"];
  if (Array.isArray(children)) return { kind: "index", commit, firstPlatform: firstPlatform(children) };
  const config = objectAt(manifest, "config");
  if (Object.keys(config).length === 0) return { kind: "other" };
  const isImage = configMediaTypes.has(stringAt(config, "mediaType"));
  return { kind: "image", commit, config: isImage ? stringAt(config, "digest") || null : null };
}

/** The commit in an image's configuration; null where it names none. */
export function commitInConfig(text: string): string | null {
  return commitIn(objectAt(objectAt(parseObject(text), "config"), "Labels"));
}

/** The size of all layers as they are transferred; null where this is no image of one platform. */
export function layerBytes(text: string): number | null {
  const { layers } = parseObject(text);
  if (!Array.isArray(layers)) return null;
  return layers.map((layer) => toObject(layer)["size"]).reduce((sum: number, size) => sum + toBytes(size), 0);
}

function toBytes(size: unknown): number {
  return typeof size === "number" && Number.isFinite(size) && size > 0 ? size : 0;
}

/** BuildKit puts its attestations into the index as manifests of the platform `unknown`. */
function firstPlatform(children: readonly unknown[]): string | null {
  for (const child of children.map(toObject)) {
    const isAttestation =
      stringAt(objectAt(child, "annotations"), "vnd.docker.reference.type") !== "" ||
      stringAt(objectAt(child, "platform"), "os") === "unknown";
    const digest = stringAt(child, "digest");
    if (!isAttestation && digest !== "") return digest;
  }
  return null;
}

/** Free text by its specification; only what can be a commit is taken for one. */
function commitIn(values: Readonly<Record<string, unknown>>): string | null {
  const value = stringAt(values, revisionKey).trim().toLowerCase();
  return /^[0-9a-f]{7,64}$/.test(value) ? value : null;
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return toObject(JSON.parse(text));
  } catch {
    return {};
  }
}

function objectAt(value: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  return Object.hasOwn(value, key) ? toObject(value[key]) : {};
}

function stringAt(value: Readonly<Record<string, unknown>>, key: string): string {
  const member = Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof member === "string" ? member : "";
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
