import type { AccountMapping } from "./mapping.ts";
import { MappingError } from "./mapping-error.ts";
import { requireArea } from "./slice.ts";
import { hintFor } from "./suggest.ts";
import { fillTemplate } from "./template.ts";

export interface HeadLocation {
  readonly repository: string;
  readonly tag: string;
}

/**
 * Where an area finds an image's head: `source`, filled in.
 *
 * @throws MappingError `unknown-area` or `unknown-image`.
 */
export function headSource(mapping: AccountMapping, areaName: string, imageName: string): HeadLocation {
  const { area } = requireArea(mapping, areaName);
  if (!Object.hasOwn(mapping.images, imageName)) {
    throw new MappingError({
      code: "unknown-image",
      message: "the mapping has no such image",
      expected: "the name of an image of the mapping",
      found: JSON.stringify(imageName),
      hint: hintFor(imageName, Object.keys(mapping.images), "add it to the account mapping"),
    });
  }
  const values = { image: imageName, area: areaName, branch: area.branch };
  const { repository, tag } = mapping.source;
  return { repository: fillTemplate(repository, values), tag: fillTemplate(tag, values) };
}
