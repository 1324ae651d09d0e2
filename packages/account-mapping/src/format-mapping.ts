import { compact, compactOrNothing, unlessDefault, unlessEmpty } from "./compact.ts";
import { formatDays } from "./days.ts";
import { DEFAULTS } from "./defaults.ts";
import { formatDuration } from "./duration.ts";
import { formatAreaInfra, formatPipelineInfra } from "./format-infra.ts";
import { formatHours } from "./hours.ts";
import { mapEntries } from "./map-entries.ts";
import type { AccountMapping, Area, GroupSelector, Image, RefreshPreferences } from "./mapping.ts";

/**
 * The file form of the mapping: JSON-able, without what is default anyway. `checkMapping` and, as JSON text,
 * `parseMapping` read the same mapping from it.
 */
export function formatMapping(mapping: AccountMapping): unknown {
  const { version, workload, registry, github, source, areas, images } = mapping;
  const { organization, apiUrl } = github ?? {};
  const pipeline = formatPipelineInfra(mapping.pipelineInfra, registry.account);
  return compact({
    version,
    workload,
    registry: { ...registry },
    github: compactOrNothing({ organization, apiUrl: unlessDefault(apiUrl, DEFAULTS.apiUrl) }),
    source: compactOrNothing({
      repository: unlessDefault(source.repository, DEFAULTS.repository),
      tag: unlessDefault(source.tag, DEFAULTS.tag),
    }),
    infra: compactOrNothing({ pipeline }),
    areas: mapEntries(areas, (area) => formatArea(area, registry.region)),
    images: mapEntries(images, formatImage),
  });
}

function formatArea(area: Area, registryRegion: string): unknown {
  const { timezone, days, from, to } = area.window;
  return compact({
    branch: area.branch,
    account: area.account,
    alias: area.alias ?? undefined,
    region: unlessDefault(area.region, registryRegion),
    window: compactOrNothing({
      timezone: unlessDefault(timezone, DEFAULTS.timezone),
      days: unlessDefault(formatDays(days), DEFAULTS.days),
      hours: unlessDefault(formatHours({ from, to }), DEFAULTS.hours),
    }),
    freezes: unlessEmpty(area.freezes.map((freeze) => ({ ...freeze }))),
    infra: formatAreaInfra(area.infra),
    pipeline: unlessDefault(area.pipeline, DEFAULTS.pipeline),
  });
}

function formatImage(image: Image, name: string): unknown {
  return compact({
    kind: image.kind,
    after: unlessEmpty([...image.after]),
    timeout: unlessDefault(formatDuration(image.timeoutSeconds), DEFAULTS.timeout),
    retries: unlessDefault(image.retries, DEFAULTS.retries),
    github: unlessDefault(image.github, name),
    ...(image.kind === "terraform"
      ? {
          state: unlessDefault(image.state, DEFAULTS.state),
          entrypoint: image.entrypoint === null ? undefined : [...image.entrypoint],
          variables: compactOrNothing(image.variables),
        }
      : { groups: formatSelector(image.groups), preferences: formatPreferences(image.preferences) }),
  });
}

function formatSelector(selector: GroupSelector): unknown {
  return selector.kind === "names" ? [...selector.names] : { tag: selector.key, includes: selector.includes };
}

function formatPreferences(preferences: RefreshPreferences): unknown {
  const { minHealthyPercentage, maxHealthyPercentage, instanceWarmupSeconds } = preferences;
  return compactOrNothing({
    minHealthyPercentage: minHealthyPercentage ?? undefined,
    maxHealthyPercentage: maxHealthyPercentage ?? undefined,
    instanceWarmup: instanceWarmupSeconds === null ? undefined : formatDuration(instanceWarmupSeconds),
  });
}
