import type * as z from "zod";
import { minutesOf } from "./hours.ts";
import type { AlarmTarget, AreaInfra, Network, PipelineInfra } from "./infra.ts";
import { INFRA_DEFAULTS, INSTANCE_TYPES } from "./infra-defaults.ts";
import type { areaInfraShape, infraShape } from "./infra-schema.ts";

type AreaInfraFile = z.infer<z.ZodObject<typeof areaInfraShape>>;
type PipelineInfraFile = z.infer<typeof infraShape.pipeline>;

/** The infrastructure of an area, from the file's block with the area's own over it. */
export function buildAreaInfra(file: AreaInfraFile): AreaInfra {
  const architecture = file.architecture ?? INFRA_DEFAULTS.architecture;
  return {
    prefix: file.prefix ?? INFRA_DEFAULTS.prefix,
    network: buildNetwork(file.network),
    architecture,
    instanceTypes: file.instanceTypes ?? INSTANCE_TYPES[architecture],
    volumeGiB: file.volume ?? INFRA_DEFAULTS.volume,
    applyPolicies: file.applyPolicies ?? INFRA_DEFAULTS.applyPolicies,
    readers: file.readers ?? [],
    memoryMiB: file.memory ?? INFRA_DEFAULTS.memory,
    concurrency: file.concurrency ?? null,
    logRetentionDays: file.logRetention ?? INFRA_DEFAULTS.logRetention,
    eveningMinute: minutesOf(file.evening ?? INFRA_DEFAULTS.evening),
    githubSecret: file.githubSecret ?? INFRA_DEFAULTS.githubSecret,
    createGithubSecret: file.createGithubSecret ?? INFRA_DEFAULTS.createGithubSecret,
    alarms: file.alarms === undefined ? null : buildAlarms(file.alarms),
    bucket: file.bucket ?? null,
    deployGroup: file.deployGroup ?? null,
  };
}

/** The infrastructure of the registry's account. */
export function buildPipelineInfra(file: PipelineInfraFile, account: string): PipelineInfra {
  const { publishers = [], githubActions } = file ?? {};
  const { subjects, provider = defaultProvider(account) } = githubActions ?? {};
  return {
    publishers,
    githubActions: subjects === undefined ? null : { provider, subjects },
    stacks: file?.stacks ?? INFRA_DEFAULTS.stacks,
    keepBuilds: file?.keepBuilds ?? INFRA_DEFAULTS.keepBuilds,
  };
}

/** GitHub's provider of tokens, once the account has it. */
export function defaultProvider(account: string): string {
  return `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;
}

function buildNetwork({ vpc, subnets, cidr = INFRA_DEFAULTS.cidr }: AreaInfraFile["network"] = {}): Network {
  return vpc === undefined || subnets === undefined ? { kind: "own", cidr } : { kind: "existing", vpc, subnets };
}

function buildAlarms(target: string): AlarmTarget {
  return target.startsWith("arn:") ? { kind: "topic", arn: target } : { kind: "email", address: target };
}
