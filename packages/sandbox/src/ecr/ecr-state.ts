import type { SandboxClock } from "../core/clock.ts";
import { everywhere, type StateKey, stateKey, type World } from "../core/world.ts";
import type { RepositoryPolicy } from "./policy-document.ts";

/** One account's registry in one region, and what is needed to change it. */
export interface RegistryPlace {
  readonly world: World;
  readonly clock: SandboxClock;
  readonly account: string;
  readonly region: string;
}

export type TagMutability = "MUTABLE" | "IMMUTABLE" | "IMMUTABLE_WITH_EXCLUSION" | "MUTABLE_WITH_EXCLUSION";
export type ImageStatus = "ACTIVE" | "ARCHIVED" | "ACTIVATING";

export interface Layer {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

export interface StoredImage {
  readonly digest: string;
  readonly manifest: string;
  readonly mediaType: string;
  readonly artifactMediaType: string | null;
  readonly subject: string | null;
  /** Digests of the manifests an index names; empty for a single image. */
  readonly children: readonly string[];
  readonly sizeInBytes: number;
  /** Milliseconds; a further tag does not move it. */
  readonly pushedAt: number;
  status: ImageStatus;
  archivedAt: number | null;
  activatedAt: number | null;
  pulledAt: number | null;
}

export interface LayerUpload {
  readonly id: string;
  readonly parts: Uint8Array[];
}

export interface Repository {
  readonly name: string;
  readonly arn: string;
  readonly uri: string;
  readonly registryId: string;
  readonly createdAt: number;
  readonly scanOnPush: boolean;
  readonly encryption: Readonly<Record<string, unknown>>;
  /** Whether a pushed manifest must have the shape of one and its layers must be there. */
  readonly strict: boolean;
  mutability: TagMutability;
  exclusionFilters: readonly string[];
  policy: RepositoryPolicy | null;
  lifecyclePolicyText: string | null;
  readonly images: Map<string, StoredImage>;
  /** Tag to digest. */
  readonly tags: Map<string, string>;
  readonly layers: Map<string, Layer>;
  readonly uploads: Map<string, LayerUpload>;
}

export interface EcrState {
  readonly repositories: Map<string, Repository>;
  /** Counts direct pushes, so that no two of them are the same bytes. */
  pushes: number;
}

/** A layer download that was allowed for a while. */
export interface LayerDownload {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly expiresAt: number;
}

const registryKey: StateKey<EcrState> = stateKey("ecr");
const downloadsKey: StateKey<Map<string, LayerDownload>> = stateKey("ecr-downloads");
const organizationsKey: StateKey<Map<string, string>> = stateKey("ecr-organizations");

export function ecrState(place: RegistryPlace): EcrState {
  return place.world.state(registryKey, place.account, place.region, () => ({ repositories: new Map(), pushes: 0 }));
}

/** By the unguessable part of their URL. */
export function layerDownloads(world: World): Map<string, LayerDownload> {
  return world.state(downloadsKey, everywhere, everywhere, () => new Map<string, LayerDownload>());
}

/** The organization's id by account, for policies with `aws:PrincipalOrgID`. */
export function organizations(world: World): Map<string, string> {
  return world.state(organizationsKey, everywhere, everywhere, () => new Map<string, string>());
}
