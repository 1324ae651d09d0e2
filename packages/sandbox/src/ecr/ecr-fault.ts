import { AwsFault } from "../core/service.ts";
import type { Repository } from "./ecr-state.ts";

/** `InvalidParameterException` in ECR's own wording. */
export function invalidParameter(parameter: string, constraint: string): AwsFault {
  return new AwsFault(
    "InvalidParameterException",
    `Invalid parameter at '${parameter}' failed to satisfy constraint: '${constraint}'`,
  );
}

export function repositoryNotFound(name: string, registryId: string): AwsFault {
  return new AwsFault(
    "RepositoryNotFoundException",
    `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
  );
}

/** A fault that ends with which repository it is about. */
export function repositoryFault(code: string, start: string, repository: Repository): AwsFault {
  const where = `in the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`;
  return new AwsFault(code, `${start} ${where}`);
}
