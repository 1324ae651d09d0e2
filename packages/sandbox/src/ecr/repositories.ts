import { AwsFault } from "../core/service.ts";
import { invalidParameter, repositoryNotFound } from "./ecr-fault.ts";
import { type EcrState, ecrState, type RegistryPlace, type Repository } from "./ecr-state.ts";
import { checkMutability, type MutabilitySettings } from "./tag-mutability.ts";

export interface NewRepository extends Partial<MutabilitySettings> {
  readonly scanOnPush?: boolean;
  readonly encryption?: Readonly<Record<string, unknown>>;
  /** Refuse manifests that lack the shape of one, or whose layers are not there. False by default. */
  readonly strict?: boolean;
}

/** Lower case, digits and single separators, in segments (service model, `RepositoryName`). */
const namePattern = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

export function createRepository(place: RegistryPlace, name: string, options: NewRepository = {}): Repository {
  if (name.length < 2 || name.length > 256 || !namePattern.test(name))
    throw invalidParameter("repositoryName", `Member must satisfy regular expression pattern: ${namePattern.source}`);
  const state = ecrState(place);
  if (state.repositories.has(name))
    throw new AwsFault(
      "RepositoryAlreadyExistsException",
      `The repository with name '${name}' already exists in the registry with id '${place.account}'`,
    );
  const settings = { mutability: options.mutability ?? "MUTABLE", exclusionFilters: options.exclusionFilters ?? [] };
  const repository = { ...emptyRepository(place, name, options), ...checkMutability(settings) };
  state.repositories.set(name, repository);
  return repository;
}

export function findRepository(state: EcrState, name: string, registryId: string): Repository {
  const repository = state.repositories.get(name);
  if (repository === undefined) throw repositoryNotFound(name, registryId);
  return repository;
}

/** A repository with images goes only by force. */
export function deleteRepository(place: RegistryPlace, repository: Repository, force: boolean): void {
  if (repository.images.size > 0 && !force)
    throw new AwsFault(
      "RepositoryNotEmptyException",
      `The repository with name '${repository.name}' in registry with id '${place.account}' cannot be deleted because it still contains images`,
    );
  ecrState(place).repositories.delete(repository.name);
}

/** As the API shows it; times are epoch seconds. */
export function describeRepository(repository: Repository): Readonly<Record<string, unknown>> {
  return {
    repositoryArn: repository.arn,
    registryId: repository.registryId,
    repositoryName: repository.name,
    repositoryUri: repository.uri,
    createdAt: repository.createdAt / 1000,
    ...describeMutability(repository),
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
    encryptionConfiguration: repository.encryption,
  };
}

export function describeMutability(settings: MutabilitySettings): Readonly<Record<string, unknown>> {
  const { mutability, exclusionFilters } = settings;
  if (exclusionFilters.length === 0) return { imageTagMutability: mutability };
  return {
    imageTagMutability: mutability,
    imageTagMutabilityExclusionFilters: exclusionFilters.map((filter) => ({ filterType: "WILDCARD", filter })),
  };
}

function emptyRepository(place: RegistryPlace, name: string, options: NewRepository) {
  const { account, region } = place;
  return {
    name,
    arn: `arn:aws:ecr:${region}:${account}:repository/${name}`,
    uri: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
    registryId: account,
    createdAt: place.clock.now(),
    scanOnPush: options.scanOnPush ?? false,
    encryption: options.encryption ?? { encryptionType: "AES256" },
    strict: options.strict ?? false,
    policy: null,
    lifecyclePolicyText: null,
    images: new Map(),
    tags: new Map(),
    layers: new Map(),
    uploads: new Map(),
  };
}
