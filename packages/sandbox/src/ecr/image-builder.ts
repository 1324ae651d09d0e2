import { gunzipSync, gzipSync } from "node:zlib";
import type { Layer } from "./ecr-state.ts";
import { digestOf, mediaTypes } from "./manifest.ts";

export interface ImageContents {
  /** Labels of the config blob, such as `org.opencontainers.image.revision`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Further members of the config blob. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What a container of it runs with, such as `WorkingDir` and `Env` (OCI image specification, config). */
  readonly runtime: Readonly<Record<string, unknown>>;
  /** Tar archives, plain or in gzip; an empty one where none is given. */
  readonly layers: readonly Uint8Array[];
  /** ISO 8601. */
  readonly created: string;
  /** Makes two builds of the same contents different images, as two real builds are. */
  readonly build: string;
}

export interface BuiltImage {
  readonly manifest: string;
  readonly blobs: Readonly<Record<string, Layer>>;
}

export interface BuiltIndex {
  readonly manifest: string;
  /** Manifests of its platforms and their attestations, to be pushed first. */
  readonly children: readonly BuiltImage[];
}

const configType = "application/vnd.oci.image.config.v1+json";
const layerType = "application/vnd.oci.image.layer.v1.tar+gzip";
const inTotoType = "application/vnd.in-toto+json";
/** Two zero blocks: a tar archive without entries. */
const emptyTar = new Uint8Array(1024);

/** A whole OCI image for one platform, e.g. `linux/amd64` (OCI image specification 1.1). */
export function buildImage(contents: ImageContents, platform: string): BuiltImage {
  const [os = "linux", architecture = "amd64"] = platform.split("/");
  const tars = contents.layers.length === 0 ? [emptyTar] : contents.layers;
  const layers = tars.map((tar) => ({ bytes: isCompressed(tar) ? tar : gzipSync(tar), mediaType: layerType }));
  const config = {
    created: contents.created,
    os,
    architecture,
    ...contents.config,
    config: { Labels: contents.labels, ...contents.runtime },
    rootfs: { type: "layers", diff_ids: tars.map((tar) => digestOf(isCompressed(tar) ? gunzipSync(tar) : tar)) },
    history: [{ created: contents.created, comment: contents.build }],
  };
  return assemble({ bytes: Buffer.from(JSON.stringify(config)), mediaType: configType }, layers);
}

/** RFC 1952: the first two bytes of gzip. */
function isCompressed(tar: Uint8Array): boolean {
  return tar[0] === 0x1f && tar[1] === 0x8b;
}

/** An index of one image a platform, each with the attestation manifest that builders add as platform `unknown`. */
export function buildIndex(contents: ImageContents, platforms: readonly string[]): BuiltIndex {
  const images = platforms.map((platform) => ({ platform, image: buildImage(contents, platform) }));
  const attestations = images.map(({ image }) => buildAttestation(image));
  const manifests = [
    ...images.map(({ platform, image }) => {
      const [os, architecture] = platform.split("/");
      return { ...describe(image), platform: { os, architecture } };
    }),
    ...attestations.map((attestation, index) => ({
      ...describe(attestation),
      platform: { os: "unknown", architecture: "unknown" },
      annotations: {
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": digestOf(images[index]?.image.manifest ?? ""),
      },
    })),
  ];
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests });
  return { manifest, children: [...images.map(({ image }) => image), ...attestations] };
}

function buildAttestation(image: BuiltImage): BuiltImage {
  const statement = { _type: "https://in-toto.io/Statement/v0.1", subject: [{ digest: digestOf(image.manifest) }] };
  const layer = { bytes: Buffer.from(JSON.stringify(statement)), mediaType: inTotoType };
  const config = {
    os: "unknown",
    architecture: "unknown",
    rootfs: { type: "layers", diff_ids: [digestOf(layer.bytes)] },
  };
  return assemble({ bytes: Buffer.from(JSON.stringify(config)), mediaType: configType }, [layer]);
}

function assemble(config: Layer, layers: readonly Layer[]): BuiltImage {
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.ociImage,
    config: descriptor(config),
    layers: layers.map(descriptor),
  });
  return { manifest, blobs: Object.fromEntries([config, ...layers].map((blob) => [digestOf(blob.bytes), blob])) };
}

function descriptor(blob: Layer) {
  return { mediaType: blob.mediaType, digest: digestOf(blob.bytes), size: blob.bytes.length };
}

function describe(image: BuiltImage) {
  const { manifest } = image;
  return { mediaType: mediaTypes.ociImage, digest: digestOf(manifest), size: Buffer.byteLength(manifest) };
}
