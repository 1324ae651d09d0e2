import type { AccountMapping, Area } from "./mapping.ts";

export interface ResolvedArea {
  readonly kind: "area";
  readonly name: string;
  readonly area: Area;
}

export type BranchResolution =
  | ResolvedArea
  | { readonly kind: "unknown-branch"; readonly branch: string; readonly known: readonly string[] };

export type AccountResolution =
  | ResolvedArea
  | { readonly kind: "unknown-account"; readonly account: string; readonly known: readonly string[] };

export type AreaResolution =
  | ResolvedArea
  | { readonly kind: "unknown-area"; readonly name: string; readonly known: readonly string[] };

/** The area that the branch deploys to. Letters' case counts, as it does in Git. */
export function resolveBranch(mapping: AccountMapping, branch: string): BranchResolution {
  const found = findArea(mapping, (area) => area.branch === branch);
  return found ?? { kind: "unknown-branch", branch, known: Object.values(mapping.areas).map((area) => area.branch) };
}

/** The area that is deployed to the account. */
export function resolveAccount(mapping: AccountMapping, account: string): AccountResolution {
  const found = findArea(mapping, (area) => area.account === account);
  return found ?? { kind: "unknown-account", account, known: Object.values(mapping.areas).map((area) => area.account) };
}

/** The area of this name. */
export function resolveArea(mapping: AccountMapping, name: string): AreaResolution {
  const area = Object.hasOwn(mapping.areas, name) ? mapping.areas[name] : undefined;
  if (area === undefined) return { kind: "unknown-area", name, known: Object.keys(mapping.areas) };
  return { kind: "area", name, area };
}

function findArea(mapping: AccountMapping, isWanted: (area: Area) => boolean): ResolvedArea | undefined {
  const entry = Object.entries(mapping.areas).find(([, area]) => isWanted(area));
  return entry === undefined ? undefined : { kind: "area", name: entry[0], area: entry[1] };
}
