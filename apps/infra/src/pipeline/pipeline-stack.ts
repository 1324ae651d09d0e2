import { type AccountMapping, fillTemplate } from "@windlass/account-mapping";
import { RemovalPolicy, Stack, Tags } from "aws-cdk-lib";
import { CfnRepository } from "aws-cdk-lib/aws-ecr";
import type { Construct } from "constructs";
import { OWNER_TAG } from "../area/apply-boundary.ts";
import { repositoryArn } from "../area-names.ts";
import { InfraError } from "../infra-error.ts";
import { lifecyclePolicy } from "./lifecycle-policy.ts";
import { movingTags } from "./moving-tags.ts";
import { type PipelineRepository, pipelineRepositories } from "./pipeline-repositories.ts";
import { Publisher } from "./publisher.ts";
import { repositoryPolicy } from "./repository-policy.ts";

export interface PipelineStackProps {
  readonly mapping: AccountMapping;
  /** Which of the mapping's stacks this is, from 1. The first one has the publisher's roles. */
  readonly index: number;
}

/** A stack takes 500 resources, and a template 1 MB. */
const MOST_REPOSITORIES = 200;

/**
 * The pipeline account's repositories, and who may publish into them. Throws `InfraError`.
 *
 * @example
 * ```ts
 * new PipelineStack(app, "pipeline", { mapping, index: 1 });
 * ```
 */
export class PipelineStack extends Stack {
  constructor(parent: Construct, id: string, { mapping, index }: PipelineStackProps) {
    const { account, region } = mapping.registry;
    super(parent, id, {
      stackName: index === 1 ? "windlass-pipeline" : `windlass-pipeline-${index}`,
      description: `Windlass: the images of ${mapping.workload}`,
      env: { account, region },
    });
    Tags.of(this).add(OWNER_TAG, "windlass");
    const { stacks, keepBuilds } = mapping.pipelineInfra;
    const repositories = pipelineRepositories(mapping);
    const own = repositories.filter(({ name }) => stackOf(name, stacks) === index);
    if (own.length > MOST_REPOSITORIES) throw tooMany(own.length, repositories.length);
    for (const repository of own) this.addRepository(repository, keepBuilds);
    if (index > 1) return;
    new Publisher(this, "Publisher", {
      infra: mapping.pipelineInfra,
      repositoryArns: publishedArns(mapping, repositories).map((name) => repositoryArn(mapping.registry, name)),
    });
  }

  private addRepository(repository: PipelineRepository, keepBuilds: number): void {
    const moving = movingTags(repository);
    const resource = new CfnRepository(this, `Repository-${repository.name}`, {
      repositoryName: repository.name,
      imageScanningConfiguration: { scanOnPush: true },
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: moving.map((pattern) => ({
        imageTagMutabilityExclusionFilterType: "WILDCARD",
        imageTagMutabilityExclusionFilterValue: pattern,
      })),
      lifecyclePolicy: { lifecyclePolicyText: JSON.stringify(lifecyclePolicy(moving, keepBuilds)) },
      repositoryPolicyText: repositoryPolicy(repository),
    });
    resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}

/** Which stack a repository is in: by its name alone, so that another image moves none. FNV-1a. */
export function stackOf(repository: string, stacks: number): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(repository)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return (hash % stacks) + 1;
}

/** A policy has room for so many names; beyond that, what all of them are called by. */
const MOST_NAMED = 60;

function publishedArns(mapping: AccountMapping, repositories: readonly PipelineRepository[]): readonly string[] {
  if (repositories.length <= MOST_NAMED) return repositories.map(({ name }) => name);
  return [fillTemplate(mapping.source.repository, { image: "*", area: "*", branch: "*" })];
}

function tooMany(found: number, all: number): InfraError {
  return new InfraError({
    code: "too-many-repositories",
    message: "a stack of the pipeline has more repositories than CloudFormation takes",
    expected: `at most ${MOST_REPOSITORIES} repositories in a stack`,
    found: `${found} of ${all}`,
    hint: `set infra.pipeline.stacks to ${Math.ceil(all / (MOST_REPOSITORIES * 0.75))}, before the first deployment`,
  });
}
