import { AwsFault } from "../core/service.ts";
import { invalidParameter } from "./ecr-fault.ts";
import { asObject, oneOf, optionalList, optionalText, requireLength } from "./ecr-input.ts";
import type { Repository, TagMutability } from "./ecr-state.ts";
import { matchesWildcard } from "./wildcard.ts";

const mutabilities = ["MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"] as const;

export interface MutabilitySettings {
  readonly mutability: TagMutability;
  readonly exclusionFilters: readonly string[];
}

/** Reads the two parameters that belong together; `MUTABLE` by default. */
export function readMutability(input: Readonly<Record<string, unknown>>): MutabilitySettings {
  const mutability = oneOf(input, "imageTagMutability", mutabilities) ?? "MUTABLE";
  const filters = optionalList(input, "imageTagMutabilityExclusionFilters")?.map(readFilter) ?? [];
  return checkMutability({ mutability, exclusionFilters: filters });
}

/** At most 5 filters with at most 2 wildcards each, with exactly those settings that have exclusions (ECR guide). */
export function checkMutability(settings: MutabilitySettings): MutabilitySettings {
  const { mutability, exclusionFilters } = settings;
  const parameter = "imageTagMutabilityExclusionFilters";
  if (mutability.endsWith("_WITH_EXCLUSION")) requireLength(parameter, exclusionFilters.length, 5);
  else if (exclusionFilters.length > 0) throw invalidParameter(parameter, `must not be given with ${mutability}`);
  for (const filter of exclusionFilters) {
    if (!/^[0-9a-zA-Z._*-]{1,128}$/.test(filter))
      throw invalidParameter(parameter, "Member must satisfy regular expression pattern: ^[0-9a-zA-Z._*-]{1,128}$");
    if (filter.split("*").length > 3) throw invalidParameter(parameter, "at most 2 wildcards in one filter");
  }
  return settings;
}

/** Throws where the tag is taken by another image and may not move. */
export function requireMovable(repository: Repository, tag: string): void {
  if (!isImmutable(repository, tag)) return;
  throw new AwsFault(
    "ImageTagAlreadyExistsException",
    `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`,
  );
}

function isImmutable(repository: Repository, tag: string): boolean {
  const excluded = repository.exclusionFilters.some((filter) => matchesWildcard(filter, tag));
  switch (repository.mutability) {
    case "MUTABLE":
      return false;
    case "IMMUTABLE":
      return true;
    case "IMMUTABLE_WITH_EXCLUSION":
      return !excluded;
    case "MUTABLE_WITH_EXCLUSION":
      return excluded;
  }
}

function readFilter(value: unknown): string {
  const filter = asObject(value, "imageTagMutabilityExclusionFilters");
  oneOf(filter, "filterType", ["WILDCARD"]);
  return optionalText(filter, "filter") ?? "";
}
