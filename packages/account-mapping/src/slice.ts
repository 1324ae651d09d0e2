import { buildAreaInfra, buildPipelineInfra } from "./build-infra.ts";
import { mapEntries } from "./map-entries.ts";
import type { AccountMapping, Area } from "./mapping.ts";
import { MappingError } from "./mapping-error.ts";
import { resolveArea } from "./resolve.ts";
import { hintFor, listWords } from "./suggest.ts";

/**
 * The mapping cut down to one area, with all images: itself a valid mapping, and its own slice.
 *
 * @throws MappingError `unknown-area`.
 */
export function sliceForArea(mapping: AccountMapping, areaName: string): AccountMapping {
  const { name, area } = requireArea(mapping, areaName);
  return { ...mapping, areas: { [name]: area } };
}

/**
 * The mapping as if its file had no `infra` block, for those whom the infrastructure does not concern: the slice that
 * the deploy Lambda gets stays small.
 */
export function withoutInfra(mapping: AccountMapping): AccountMapping {
  return {
    ...mapping,
    pipelineInfra: buildPipelineInfra(undefined, mapping.registry.account),
    areas: mapEntries(mapping.areas, (area) => ({ ...area, infra: buildAreaInfra({}) })),
  };
}

/**
 * The one area of a slice.
 *
 * @throws MappingError `not-a-slice` where the mapping has more areas, or none.
 */
export function onlyArea(slice: AccountMapping): { readonly name: string; readonly area: Area } {
  const [first, ...others] = Object.entries(slice.areas);
  if (first !== undefined && others.length === 0) return { name: first[0], area: first[1] };
  const names = Object.keys(slice.areas);
  throw new MappingError({
    code: "not-a-slice",
    message: "the mapping is not the slice of one area",
    expected: "one area",
    found: names.length === 0 ? "none" : listWords(names),
    hint: "cut it down to one area first",
  });
}

/** The area of this name; throws a `MappingError` where there is none. */
export function requireArea(mapping: AccountMapping, name: string): { readonly name: string; readonly area: Area } {
  const resolved = resolveArea(mapping, name);
  if (resolved.kind === "area") return resolved;
  throw new MappingError({
    code: "unknown-area",
    message: "the mapping has no such area",
    expected: listWords(resolved.known),
    found: JSON.stringify(name),
    hint: hintFor(name, resolved.known, "add it to the account mapping"),
  });
}
