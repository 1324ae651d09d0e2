import { type AccountMapping, formatMapping, headSource, listWords, sliceForArea } from "@windlass/account-mapping";
import type { CliWorld } from "./cli-world.ts";
import { exitCode } from "./exit-code.ts";
import { printJson } from "./print-json.ts";
import { readMapping } from "./read-file.ts";

export interface DiffOptions {
  readonly json?: true;
}

/** What `windlass mapping diff --json` prints. */
export interface MappingDiff {
  readonly kind: "same" | "different";
  readonly areas: readonly AreaDiff[];
}

export interface AreaDiff {
  readonly area: string;
  readonly kind: "added" | "removed" | "changed";
  /** Of an area that both have. */
  readonly changes: readonly ValueChange[];
}

export interface ValueChange {
  /** Where in the area's slice: `areas.production.window.hours`. */
  readonly path: string;
  /** Null: it is not there, or the default. */
  readonly before: unknown;
  readonly after: unknown;
}

/** `windlass mapping diff`: 0 where nothing changes for any area, 1 where something does. */
export function diffMappings(
  world: CliWorld,
  { from, to }: { from: string; to: string },
  options: DiffOptions,
): number {
  const diff = compareMappings(readMapping(from, world), readMapping(to, world));
  if (options.json === true) printJson(world, diff);
  else world.write(formatDiff(diff));
  return diff.kind === "same" ? exitCode.ok : exitCode.failed;
}

/** Area by area, in the shortest form, which leaves defaults out: what each area's Lambda would see differently. */
export function compareMappings(before: AccountMapping, after: AccountMapping): MappingDiff {
  const names = [...new Set([...Object.keys(before.areas), ...Object.keys(after.areas)])];
  const areas = names.flatMap((area): readonly AreaDiff[] => {
    const [had, has] = [before, after].map((mapping) => Object.hasOwn(mapping.areas, area));
    if (had !== true) return [{ area, kind: "added", changes: [] }];
    if (has !== true) return [{ area, kind: "removed", changes: [] }];
    const changes = compareValues(valuesOf(before, area), valuesOf(after, area));
    return changes.length === 0 ? [] : [{ area, kind: "changed", changes }];
  });
  return { kind: areas.length === 0 ? "same" : "different", areas };
}

/** The area's slice, path by path, with where it finds each image. */
function valuesOf(mapping: AccountMapping, area: string): ReadonlyMap<string, unknown> {
  const slice = sliceForArea(mapping, area);
  const heads = Object.keys(slice.images).map((image) => [image, headSource(slice, area, image)] as const);
  return new Map([
    ...flatten("", formatMapping(slice)),
    ...heads.map(([image, { repository, tag }]) => [`heads.${image}`, `${repository}:${tag}`] as const),
  ]);
}

function flatten(path: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => flatten(path === "" ? key : `${path}.${key}`, inner));
}

function compareValues(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): readonly ValueChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((path) => ({ path, before: before.get(path) ?? null, after: after.get(path) ?? null }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}

function formatDiff({ kind, areas }: MappingDiff): string {
  if (kind === "same") return "Nothing changes for any area.\n";
  return areas
    .map(({ area, kind: how, changes }) => `${area}: ${how}\n${changes.map((one) => `  ${describe(one)}\n`).join("")}`)
    .join("");
}

function describe({ path, before, after }: ValueChange): string {
  if (before === null) return `+ ${path}: ${show(after)}`;
  if (after === null) return `- ${path}: ${show(before)}`;
  return `~ ${path}: ${show(before)} -> ${show(after)}`;
}

function show(value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return listWords(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}
