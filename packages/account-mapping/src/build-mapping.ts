import type * as z from "zod";
import type { areaSchema } from "./area-schema.ts";
import { buildAreaInfra, buildPipelineInfra } from "./build-infra.ts";
import { parseDays } from "./days.ts";
import { DEFAULTS } from "./defaults.ts";
import { durationSeconds } from "./duration.ts";
import { parseHours } from "./hours.ts";
import type { imageSchema } from "./image-schema.ts";
import { mapEntries } from "./map-entries.ts";
import type { AccountId, AccountMapping, Area, GitHubOrganization, GroupSelector, Image } from "./mapping.ts";
import type { MappingFile } from "./schema.ts";

type AreaFile = z.infer<typeof areaSchema>;
type ImageFile = z.infer<typeof imageSchema>;
type GroupsFile = Extract<ImageFile, { kind: "instance-refresh" }>["groups"];

/** The mapping of a file that has no problems: all defaults filled in, all texts read. */
export function buildMapping(file: MappingFile): AccountMapping {
  const { account, region } = file.registry;
  const { repository = DEFAULTS.repository, tag = DEFAULTS.tag } = file.source ?? {};
  return {
    version: 1,
    workload: file.workload,
    registry: { account: account as AccountId, region },
    github: buildGitHub(file),
    source: { repository, tag },
    pipelineInfra: buildPipelineInfra(file.infra?.pipeline, account),
    areas: mapEntries(file.areas, (area) => buildArea(area, file)),
    images: mapEntries(file.images, buildImage),
  };
}

function buildGitHub({ github }: MappingFile): GitHubOrganization | null {
  if (github === undefined) return null;
  const { organization, apiUrl = DEFAULTS.apiUrl } = github;
  return { organization, apiUrl: apiUrl.replace(/\/+$/, "") };
}

function buildArea(file: AreaFile, { registry, infra }: MappingFile): Area {
  const { timezone = DEFAULTS.timezone, days = DEFAULTS.days, hours = DEFAULTS.hours } = file.window ?? {};
  return {
    branch: file.branch,
    account: file.account as AccountId,
    alias: file.alias ?? null,
    region: file.region ?? registry.region,
    window: { timezone, days: parseDays(days), ...parseHours(hours) },
    freezes: file.freezes ?? [],
    pipeline: file.pipeline ?? DEFAULTS.pipeline,
    infra: buildAreaInfra({ ...infra, ...file.infra }),
  };
}

function buildImage(file: ImageFile, name: string): Image {
  const common = {
    after: file.after ?? [],
    timeoutSeconds: durationSeconds(file.timeout ?? DEFAULTS.timeout),
    retries: file.retries ?? DEFAULTS.retries,
    github: file.github ?? name,
  };
  if (file.kind === "terraform") {
    const variables = mapEntries(file.variables ?? {}, String);
    const { state = DEFAULTS.state, entrypoint = null } = file;
    return { kind: "terraform", ...common, state, entrypoint, variables };
  }
  const { minHealthyPercentage, maxHealthyPercentage, instanceWarmup } = file.preferences ?? {};
  const preferences = {
    minHealthyPercentage: minHealthyPercentage ?? null,
    maxHealthyPercentage: maxHealthyPercentage ?? null,
    instanceWarmupSeconds: instanceWarmup === undefined ? null : durationSeconds(instanceWarmup),
  };
  return { kind: "instance-refresh", ...common, groups: buildSelector(file.groups), preferences };
}

function buildSelector(groups: GroupsFile): GroupSelector {
  return Array.isArray(groups)
    ? { kind: "names", names: groups }
    : { kind: "tag", key: groups.tag, includes: groups.includes };
}
