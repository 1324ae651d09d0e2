import { type AccountMapping, fillTemplate, headSource, type Image } from "@windlass/account-mapping";
import { repositoryArn } from "../area-names.ts";

/** ARNs of the pipeline account's repositories that an area reads. */
export interface AreaRegistry {
  /** Of all images: the deploy Lambda looks at their heads. */
  readonly all: readonly string[];
  /** Of the Terraform images: the deploy instance pulls them. */
  readonly terraform: readonly string[];
}

/**
 * A role's inline policies have 10,240 characters in all:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MOST_NAMED = 50;

/**
 * The repositories one by one; where there are too many for a role's policy, the pattern that they are all called by.
 * Who may read which is decided by the repositories' own policies as well, and those always name the roles.
 */
export function areaRegistry(mapping: AccountMapping, area: string): AreaRegistry {
  const images = Object.entries(mapping.images);
  const of = (kept: readonly (readonly [string, Image])[]) => arnsOf(mapping, area, kept);
  return { all: of(images), terraform: of(images.filter(([, image]) => image.kind === "terraform")) };
}

function arnsOf(
  mapping: AccountMapping,
  area: string,
  images: readonly (readonly [string, Image])[],
): readonly string[] {
  const arn = (repository: string) => repositoryArn(mapping.registry, repository);
  const repositories = [...new Set(images.map(([image]) => headSource(mapping, area, image).repository))];
  if (repositories.length <= MOST_NAMED) return repositories.sort().map(arn);
  return [arn(repositoryPattern(mapping, area))];
}

function repositoryPattern({ source, areas }: AccountMapping, area: string): string {
  const branch = areas[area]?.branch ?? "*";
  return fillTemplate(source.repository, { image: "*", area, branch });
}
