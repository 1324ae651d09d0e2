import { type HistoryFilter, type HistoryView, viewHistory } from "@windlass/area-view";
import type { Deployment } from "@windlass/deployment";
import type { AreaOptions } from "./area-options.ts";
import { CliError } from "./cli-error.ts";
import type { CliWorld } from "./cli-world.ts";
import { exitCode } from "./exit-code.ts";
import { formatHistory } from "./format-history.ts";
import { type OpenArea, openArea } from "./open-area.ts";
import { openMapping } from "./open-mapping.ts";
import { printJson } from "./print-json.ts";
import { readHistory } from "./read-history.ts";
import { chooseAreas, requireImage } from "./require-name.ts";

export interface HistoryOptions extends AreaOptions, FilterOptions {
  readonly area?: string;
}

/** As a person writes them. */
export interface FilterOptions {
  readonly image?: string;
  readonly outcome?: readonly string[];
  readonly commit?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: string;
}

const OUTCOMES: readonly Deployment["state"][] = [
  "succeeded",
  "failed",
  "lost",
  "never-started",
  "state-unsaved",
  "unknown",
  "superseded",
  "cancelled",
];
const MOST = 10_000;

/** `windlass history`: 0. Throws where an area can not be looked at. */
export async function showHistory(world: CliWorld, options: HistoryOptions): Promise<number> {
  const mapping = openMapping(world, options);
  const areas = chooseAreas(mapping, options.area);
  if (options.image !== undefined) requireImage(mapping, options.image);
  const filter = filterOf(options);
  const histories = await Promise.all(
    areas.map(async ({ name }) => readAreaHistory(await openArea(world, { mapping, name, options }), filter)),
  );
  const shown = histories.map(({ area, deployments }) => ({ area, deployments }));
  if (options.json === true) printJson(world, { areas: shown });
  else world.write(formatHistory(shown, world));
  return exitCode.ok;
}

/** What of an area's history the filter lets through, newest first. */
export async function readAreaHistory(open: OpenArea, filter: HistoryFilter): Promise<HistoryView> {
  const read = await open.attempt(() => open.store.readLedger(open.scope));
  const ledger = read.kind === "ledger" ? read.ledger : null;
  const deployments = await readHistory(open, { filter, ledger });
  return viewHistory({ slice: open.slice, area: open.name, ledger, deployments });
}

/** Throws `options-wrong`. */
export function filterOf(options: FilterOptions): HistoryFilter {
  return {
    images: options.image === undefined ? undefined : [options.image],
    states: options.outcome?.map(outcomeOf),
    version: options.commit,
    since: options.since === undefined ? undefined : timeOf("--since", options.since),
    until: options.until === undefined ? undefined : timeOf("--until", options.until),
    limit: limitOf(options.limit),
  };
}

function outcomeOf(text: string): Deployment["state"] {
  const outcome = OUTCOMES.find((one) => one === text);
  if (outcome !== undefined) return outcome;
  throw wrong("--outcome is none", OUTCOMES.join(", "), text);
}

/** A day, which begins in UTC, or a moment. */
function timeOf(option: string, text: string): Date {
  const isTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text);
  const parsed = new Date(isTime ? text : Number.NaN);
  if (!Number.isNaN(parsed.getTime())) return parsed;
  throw wrong(`${option} is no time`, "a day such as 2026-11-24, or a moment such as 2026-11-24T09:00Z", text);
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit > 0 && limit <= MOST) return limit;
  throw wrong("--limit is no number of deployments", `1 to ${MOST}`, text);
}

function wrong(message: string, expected: string, found: string): CliError {
  return new CliError({ code: "options-wrong", message, expected, found: JSON.stringify(found) });
}
