export { type AreaNames, areaNames, type NamedArea, partitionOf } from "./area-names.ts";
export { checkMapping, type MappingSource } from "./check-mapping.ts";
export { formatDays } from "./days.ts";
export { durationSeconds } from "./duration.ts";
export { formatMapping } from "./format-mapping.ts";
export { type HeadLocation, headSource } from "./head-source.ts";
export { formatHours } from "./hours.ts";
export type {
  AlarmTarget,
  Architecture,
  AreaInfra,
  GitHubActions,
  Network,
  PipelineInfra,
} from "./infra.ts";
export { mappingJsonSchema } from "./json-schema.ts";
export type {
  AccountId,
  AccountMapping,
  Area,
  DeployWindow,
  Freeze,
  GitHubOrganization,
  GroupSelector,
  Image,
  InstanceRefreshImage,
  RefreshPreferences,
  Registry,
  Source,
  TerraformImage,
} from "./mapping.ts";
export { MappingError, type MappingErrorCode } from "./mapping-error.ts";
export { parseMapping } from "./parse-mapping.ts";
export { describeProblem, type MappingProblem, type ProblemCode } from "./problem.ts";
export {
  type AccountResolution,
  type AreaResolution,
  type BranchResolution,
  type ResolvedArea,
  resolveAccount,
  resolveArea,
  resolveBranch,
} from "./resolve.ts";
export { onlyArea, sliceForArea, withoutInfra } from "./slice.ts";
export { listWords, suggest } from "./suggest.ts";
export { fillTemplate, type TemplateValues } from "./template.ts";
