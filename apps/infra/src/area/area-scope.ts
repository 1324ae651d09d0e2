import type { AccountMapping, Area } from "@windlass/account-mapping";
import { type AreaNames, areaNames } from "../area-names.ts";
import { type AreaRegistry, areaRegistry } from "./area-registry.ts";

/** What the parts of an area's stack are made of. */
export interface AreaScope {
  readonly mapping: AccountMapping;
  readonly name: string;
  readonly area: Area;
  readonly names: AreaNames;
  readonly registry: AreaRegistry;
}

export function areaScope(mapping: AccountMapping, name: string, area: Area): AreaScope {
  return { mapping, name, area, names: areaNames(area), registry: areaRegistry(mapping, name) };
}
