import { defaultProvider } from "./build-infra.ts";
import { compactOrNothing, unlessDefault, unlessEmpty } from "./compact.ts";
import { formatTime } from "./hours.ts";
import type { AlarmTarget, AreaInfra, Network, PipelineInfra } from "./infra.ts";
import { INFRA_DEFAULTS, INSTANCE_TYPES } from "./infra-defaults.ts";

/** An area's `infra` block with all that is not default; undefined where everything is. */
export function formatAreaInfra(infra: AreaInfra): unknown {
  return compactOrNothing({
    prefix: unlessDefault(infra.prefix, INFRA_DEFAULTS.prefix),
    network: formatNetwork(infra.network),
    architecture: unlessDefault(infra.architecture, INFRA_DEFAULTS.architecture),
    instanceTypes: unlessSame(infra.instanceTypes, INSTANCE_TYPES[infra.architecture]),
    volume: unlessDefault(infra.volumeGiB, INFRA_DEFAULTS.volume),
    applyPolicies: unlessSame(infra.applyPolicies, INFRA_DEFAULTS.applyPolicies),
    readers: unlessEmpty([...infra.readers]),
    memory: unlessDefault(infra.memoryMiB, INFRA_DEFAULTS.memory),
    concurrency: infra.concurrency ?? undefined,
    logRetention: unlessDefault(infra.logRetentionDays, INFRA_DEFAULTS.logRetention),
    evening: unlessDefault(formatTime(infra.eveningMinute), INFRA_DEFAULTS.evening),
    githubSecret: unlessDefault(infra.githubSecret, INFRA_DEFAULTS.githubSecret),
    createGithubSecret: unlessDefault(infra.createGithubSecret, INFRA_DEFAULTS.createGithubSecret),
    alarms: infra.alarms === null ? undefined : formatAlarms(infra.alarms),
    bucket: infra.bucket ?? undefined,
    deployGroup: infra.deployGroup ?? undefined,
  });
}

/** The `pipeline` block with all that is not default; undefined where everything is. */
export function formatPipelineInfra(infra: PipelineInfra, account: string): unknown {
  const { githubActions } = infra;
  return compactOrNothing({
    publishers: unlessEmpty([...infra.publishers]),
    githubActions:
      githubActions === null
        ? undefined
        : compactOrNothing({
            subjects: [...githubActions.subjects],
            provider: unlessDefault(githubActions.provider, defaultProvider(account)),
          }),
    stacks: unlessDefault(infra.stacks, INFRA_DEFAULTS.stacks),
    keepBuilds: unlessDefault(infra.keepBuilds, INFRA_DEFAULTS.keepBuilds),
  });
}

function formatNetwork(network: Network): unknown {
  if (network.kind === "existing") return { vpc: network.vpc, subnets: [...network.subnets] };
  return network.cidr === INFRA_DEFAULTS.cidr ? undefined : { cidr: network.cidr };
}

function formatAlarms(target: AlarmTarget): string {
  return target.kind === "topic" ? target.arn : target.address;
}

function unlessSame(list: readonly string[], normal: readonly string[]): readonly string[] | undefined {
  return list.length === normal.length && list.every((entry, index) => entry === normal[index]) ? undefined : [...list];
}
