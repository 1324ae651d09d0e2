import {
  type AccountMapping,
  type AccountResolution,
  type AreaResolution,
  type BranchResolution,
  type Freeze,
  formatDays,
  formatHours,
  headSource,
  type ResolvedArea,
  resolveAccount,
  resolveArea,
  resolveBranch,
} from "@windlass/account-mapping";
import { CliError } from "./cli-error.ts";
import type { CliWorld } from "./cli-world.ts";
import { exitCode } from "./exit-code.ts";
import { printJson } from "./print-json.ts";
import { readMapping } from "./read-file.ts";

export interface ResolveOptions {
  readonly branch?: string;
  readonly account?: string;
  readonly area?: string;
  readonly json?: true;
}

/** `windlass mapping resolve`: 0, or 3 where there is no such area. Throws where it can not be begun. */
export function resolveMapping(world: CliWorld, file: string, options: ResolveOptions): number {
  const mapping = readMapping(file, world);
  const resolution = resolve(mapping, options);
  const isKnown = resolution.kind === "area";
  const shown = isKnown ? showArea(mapping, resolution) : resolution;
  if (options.json === true) printJson(world, shown);
  else if (shown.kind === "area") world.write(describeArea(shown));
  else world.writeError(`${describeUnknown(shown)}\n`);
  return isKnown ? exitCode.ok : exitCode.notFound;
}

type Resolution = BranchResolution | AccountResolution | AreaResolution;

/** A question that the mapping answers with no area. */
export type Unknown = Exclude<Resolution, ResolvedArea>;

/** What the mapping does not know, and what it does. */
export function describeUnknown(unknown: Unknown): string {
  const known = unknown.known.join(", ");
  switch (unknown.kind) {
    case "unknown-branch":
      return `the branch ${unknown.branch} deploys to no area; the mapping knows ${known} (unknown-branch)`;
    case "unknown-account":
      return `no area is deployed to the account ${unknown.account}; the mapping knows ${known} (unknown-account)`;
    case "unknown-area":
      return `there is no area ${unknown.name}; the mapping knows ${known} (unknown-area)`;
  }
}

function resolve(mapping: AccountMapping, { branch, account, area }: ResolveOptions): Resolution {
  const asked = [branch, account, area].filter((value) => value !== undefined);
  if (asked.length === 1) {
    if (branch !== undefined) return resolveBranch(mapping, branch);
    if (account !== undefined) return resolveAccount(mapping, account);
    if (area !== undefined) return resolveArea(mapping, area);
  }
  throw new CliError({
    code: "options-wrong",
    message: "it is not clear which area is meant",
    expected: "one of --branch, --account and --area",
    found: `${asked.length} of them`,
  });
}

interface ShownArea {
  readonly kind: "area";
  readonly area: string;
  readonly branch: string;
  readonly account: string;
  readonly region: string;
  readonly alias: string | null;
  readonly window: { readonly timezone: string; readonly days: string; readonly hours: string };
  readonly freezes: readonly Freeze[];
  readonly registry: { readonly account: string; readonly region: string };
  readonly heads: readonly { readonly image: string; readonly repository: string; readonly tag: string }[];
}

function showArea(mapping: AccountMapping, { name, area }: ResolvedArea): ShownArea {
  const { branch, account, region, alias, freezes } = area;
  const { timezone, days, from, to } = area.window;
  return {
    kind: "area",
    area: name,
    branch,
    account,
    region,
    alias,
    window: { timezone, days: formatDays(days), hours: formatHours({ from, to }) },
    freezes,
    registry: mapping.registry,
    heads: Object.keys(mapping.images).map((image) => ({ image, ...headSource(mapping, name, image) })),
  };
}

function describeArea({ area, branch, account, region, alias, window, freezes, registry, heads }: ShownArea): string {
  const width = Math.max(...heads.map(({ image }) => image.length));
  const rows = [
    ["area", area],
    ["branch", branch],
    ["account", alias === null ? account : `${account} (${alias})`],
    ["region", region],
    ["window", `${window.days} ${window.hours} ${window.timezone}`],
    ...freezes.map(({ from, to, reason }) => ["freeze", `${from} to ${to}: ${reason}`]),
    ["registry", `${registry.account} ${registry.region}`],
    ...heads.map(({ image, repository, tag }) => ["head", `${image.padEnd(width)}  ${repository}:${tag}`]),
  ];
  return rows.map(([key = "", value]) => `${key.padEnd(9)} ${value}\n`).join("");
}
