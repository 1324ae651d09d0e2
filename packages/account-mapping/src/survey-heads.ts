import { IMAGE_NAME } from "./image-schema.ts";
import type { Path } from "./path.ts";
import { AREA_NAME, MOST_AREAS, MOST_IMAGES } from "./schema.ts";
import type { Survey } from "./survey.ts";
import { fillTemplate } from "./template.ts";

export interface HeadArea {
  readonly name: string;
  readonly branch: string;
  readonly path: Path;
}

export interface HeadImage {
  readonly name: string;
  readonly path: Path;
}

/** The areas and images whose heads can be told: those with usable names. */
export interface Heads {
  readonly areas: readonly HeadArea[];
  readonly images: readonly HeadImage[];
}

/** None at all where there are too many of them, which is a finding of its own. */
export function surveyHeads({ areas, images }: Survey): Heads {
  if (areas.length > MOST_AREAS || images.length > MOST_IMAGES) return { areas: [], images: [] };
  return {
    areas: areas.flatMap(({ name, path, fields }) => {
      const branch = fields["branch"];
      return AREA_NAME.test(name) && typeof branch === "string" ? [{ name, branch, path }] : [];
    }),
    images: images.filter(({ name }) => IMAGE_NAME.test(name)),
  };
}

export function fillFor(template: string, area: HeadArea, image: HeadImage): string {
  return fillTemplate(template, { image: image.name, area: area.name, branch: area.branch });
}
