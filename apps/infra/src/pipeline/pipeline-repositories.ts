import { type AccountMapping, type Area, fillTemplate, headSource, type Image } from "@windlass/account-mapping";
import { areaNames, roleArn } from "../area-names.ts";
import type { ECR_READ_ACTIONS } from "../ecr-read-actions.ts";

/** One ECR repository of the pipeline account. */
export interface PipelineRepository {
  readonly name: string;
  /** Tags that move, one for each area and image that has its head here. */
  readonly tags: readonly string[];
  /** What the tags look like whatever the image. */
  readonly patterns: readonly string[];
  readonly readers: readonly RepositoryReader[];
}

/** Who reads a repository, and for what. */
export interface RepositoryReader {
  readonly account: string;
  readonly region: string;
  readonly role: string;
  readonly use: keyof typeof ECR_READ_ACTIONS;
}

/** The repositories that the mapping's heads are in, in the order of their names. */
export function pipelineRepositories(mapping: AccountMapping): readonly PipelineRepository[] {
  const heads = Object.entries(mapping.areas).flatMap((area) =>
    Object.entries(mapping.images).map((image) => headIn(mapping, area, image)),
  );
  const byName = new Map<string, PipelineRepository[]>();
  for (const head of heads) byName.set(head.name, [...(byName.get(head.name) ?? []), head]);
  return [...byName]
    .map(([name, group]) => ({
      name,
      tags: distinct(group.flatMap(({ tags }) => tags)),
      patterns: distinct(group.flatMap(({ patterns }) => patterns)),
      readers: distinctReaders(group.flatMap(({ readers }) => readers)),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function headIn(
  mapping: AccountMapping,
  [areaName, area]: readonly [string, Area],
  [imageName, image]: readonly [string, Image],
): PipelineRepository {
  const { repository, tag } = headSource(mapping, areaName, imageName);
  const names = areaNames(area);
  const pulling = image.kind === "terraform" ? [names.instanceRole] : area.infra.readers;
  const reader = (role: string, use: RepositoryReader["use"]): RepositoryReader => {
    return { account: area.account, region: area.region, role: roleArn(area, role), use };
  };
  return {
    name: repository,
    tags: [tag],
    patterns: [
      fillTemplate(mapping.source.tag, { image: "*", area: areaName, branch: area.branch }),
      fillTemplate(mapping.source.tag, { image: "*", area: "*", branch: "*" }),
    ],
    readers: [reader(names.lambdaRole, "look"), ...pulling.map((role) => reader(role, "pull"))],
  };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

function distinctReaders(readers: readonly RepositoryReader[]): readonly RepositoryReader[] {
  const byKey = new Map(readers.map((reader) => [`${reader.use} ${reader.role}`, reader]));
  return [...byKey.values()].sort((one, other) => (one.role < other.role ? -1 : 1));
}
