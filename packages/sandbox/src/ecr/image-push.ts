import { ecrState, type RegistryPlace, type Repository } from "./ecr-state.ts";
import { type BuiltImage, buildImage, buildIndex } from "./image-builder.ts";
import { putImage } from "./image-store.ts";
import { digestOf, readManifest } from "./manifest.ts";

export interface ImagePush {
  readonly repository: string;
  readonly tags?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** This very text instead of a manifest that is built. */
  readonly manifest?: string;
  /** Further members of the config blob. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** What a container of it runs with, such as `WorkingDir` and `Env`. */
  readonly runtime?: Readonly<Record<string, unknown>>;
  /** Tar archives, plain or in gzip. */
  readonly layers?: readonly Uint8Array[];
  /** The clock's time by default. */
  readonly pushedAt?: Date;
  /** Platforms such as `linux/amd64`: makes a multi-architecture index with attestation manifests. */
  readonly index?: readonly string[];
}

interface Push {
  readonly manifest: string;
  readonly pushedAt: number;
}

/** Pushes an image or an index with all it refers to; gives the digest that the tags are on. */
export function pushImage(place: RegistryPlace, repository: Repository, push: ImagePush): string {
  const pushedAt = push.pushedAt?.getTime() ?? place.clock.now();
  const manifest = push.manifest ?? buildManifest(place, repository, { ...push, pushedAt: new Date(pushedAt) });
  const tags = push.tags ?? [];
  for (const tag of tags.length === 0 ? [undefined] : tags) store(repository, { manifest, pushedAt }, tag);
  return digestOf(manifest);
}

function buildManifest(
  place: RegistryPlace,
  repository: Repository,
  push: ImagePush & { readonly pushedAt: Date },
): string {
  const state = ecrState(place);
  state.pushes += 1;
  const contents = {
    labels: push.labels ?? {},
    config: push.config ?? {},
    runtime: push.runtime ?? {},
    layers: push.layers ?? [],
    created: push.pushedAt.toISOString(),
    build: `${place.account}/${place.region} push ${state.pushes}`,
  };
  if (push.index === undefined) {
    const image = buildImage(contents, "linux/amd64");
    addBlobs(repository, image);
    return image.manifest;
  }
  const index = buildIndex(contents, push.index);
  for (const child of index.children) {
    addBlobs(repository, child);
    store(repository, { manifest: child.manifest, pushedAt: push.pushedAt.getTime() }, undefined);
  }
  return index.manifest;
}

function addBlobs(repository: Repository, image: BuiltImage): void {
  for (const [digest, blob] of Object.entries(image.blobs)) repository.layers.set(digest, blob);
}

function store(repository: Repository, push: Push, tag: string | undefined): void {
  const manifest = readManifest(push.manifest, undefined, repository.strict);
  putImage(repository, { manifest, tag, pushedAt: push.pushedAt });
}
