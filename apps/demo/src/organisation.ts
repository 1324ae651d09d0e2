import type { AccountMapping } from "@windlass/account-mapping";
import { createSandbox } from "@windlass/sandbox";
import { type AreaSite, openAreaSite } from "./area-site.ts";
import type { DemoEngine } from "./engine.ts";
import type { MachineClock } from "./machine-clock.ts";
import { INSTANCE_ROLE, LAMBDA_ROLE } from "./names.ts";
import { openPipeline, type Pipeline } from "./pipeline.ts";
import { type ReportWatch, watchReports } from "./report-watch.ts";
import { openReporting } from "./reporting.ts";

/** A whole organisation in the sandbox: the pipeline account, and one account for each area of the mapping. */
export interface Organisation {
  readonly mapping: AccountMapping;
  /** Where every AWS client reaches it. */
  readonly url: string;
  readonly pipeline: Pipeline;
  readonly areas: readonly AreaSite[];
  area(name: string): AreaSite;
  /** What was shown on GitHub and SNS. */
  readonly reports: ReportWatch;
  /** What Windlass itself has called, by action: the Lambdas and the deploy instances of all areas. */
  awsCalls(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export interface OrganisationOptions {
  readonly mapping: AccountMapping;
  readonly clock: MachineClock;
  /** Holds everything that is written; may be removed after `close`. */
  readonly folder: string;
  readonly engine: DemoEngine;
  /** The PATH of the programs that are started. */
  readonly searchPath: string;
  /** Any free port by default. */
  readonly port?: number | undefined;
}

export async function openOrganisation(options: OrganisationOptions): Promise<Organisation> {
  const { mapping, clock, engine, port } = options;
  const sandbox = createSandbox({ clock, region: mapping.registry.region });
  const listening = await sandbox.listen({
    ...(port === undefined ? {} : { port }),
    ...(engine.host === undefined ? {} : { host: engine.host }),
  });
  const reporting = openReporting({ sandbox, url: listening.url, mapping });
  const reports = watchReports(sandbox, mapping);
  const pipeline = openPipeline({ sandbox, mapping, engine, reporting });
  const areas: AreaSite[] = [];
  for (const name of Object.keys(mapping.areas)) {
    areas.push(openAreaSite({ ...options, sandbox, reporting, url: listening.url, name }));
  }
  return {
    mapping,
    url: listening.url,
    pipeline,
    areas,
    reports,
    area(name) {
      const found = areas.find((area) => area.name === name);
      if (found === undefined) throw new TypeError(`the mapping has no area ${name}`);
      return found;
    },
    awsCalls: () => addCounts([LAMBDA_ROLE, INSTANCE_ROLE].map((role) => sandbox.calls.count({ role }))),
    async close() {
      reports.close();
      await Promise.all(areas.map((area) => area.close()));
      await listening.close();
    },
  };
}

/** The mapping as it would be with windows that are always open. */
export function withOpenWindows(mapping: AccountMapping): AccountMapping {
  const window = { timezone: "UTC", days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 };
  const areas = Object.entries(mapping.areas).map(([name, area]) => [name, { ...area, window, freezes: [] }] as const);
  return { ...mapping, areas: Object.fromEntries(areas) };
}

function addCounts(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const total: Record<string, number> = {};
  for (const count of counts)
    for (const [action, times] of Object.entries(count)) total[action] = (total[action] ?? 0) + times;
  return Object.fromEntries(Object.entries(total).toSorted(([one], [other]) => one.localeCompare(other)));
}
