import type { MappingDocument } from "./document.ts";
import { describePlace, type Finding, quote } from "./finding.ts";
import type { Survey } from "./survey.ts";
import { fillFor, type HeadArea, type HeadImage, surveyHeads } from "./survey-heads.ts";
import { placeholdersIn } from "./template.ts";

interface Templates {
  readonly repository: string;
  readonly tag: string;
}

interface Head {
  readonly area: HeadArea;
  readonly image: HeadImage;
}

/** No two areas or images follow the same tag of the same repository. */
export function checkSameHeads(document: MappingDocument, survey: Survey): readonly Finding[] {
  const { repository, tag } = survey.source;
  if (repository === null || tag === null || allHeadsDiffer({ repository, tag })) return [];
  const heads = surveyHeads(survey);
  const first = new Map<string, Head>();
  const reported = new Set<string>();
  const findings: Finding[] = [];
  for (const area of heads.areas) {
    for (const image of heads.images) {
      const name = `${fillFor(repository, area, image)}:${fillFor(tag, area, image)}`;
      const before = first.get(name);
      if (before === undefined) {
        first.set(name, { area, image });
      } else if (!isReported(reported, before, { area, image })) {
        findings.push(describeClash(document, name, { before, area, image }));
      }
    }
  }
  return findings;
}

/** A template with one kind of placeholder gives each of its values a text of its own. */
function allHeadsDiffer({ repository, tag }: Templates): boolean {
  const alone = [repository, tag]
    .map(placeholdersIn)
    .filter(({ length }) => length === 1)
    .flat();
  return alone.includes("image") && (alone.includes("area") || alone.includes("branch"));
}

/** One report is enough for two areas that clash in every image, and for two images that clash in every area. */
function isReported(reported: Set<string>, before: Head, { area, image }: Head): boolean {
  const areas = JSON.stringify(["areas", before.area.name, area.name]);
  const images = JSON.stringify(["images", before.image.name, image.name]);
  if (before.area !== area && reported.has(areas)) return true;
  if (before.image !== image && reported.has(images)) return true;
  if (before.area === area) reported.add(images);
  if (before.image === image) reported.add(areas);
  return false;
}

function describeClash(
  document: MappingDocument,
  name: string,
  { before, area, image }: Head & { readonly before: Head },
): Finding {
  const common = { code: "same-head", part: "key" } as const;
  const expected = "a repository and tag of its own for each image in each area";
  if (before.image === image) {
    return {
      ...common,
      path: area.path,
      expected,
      found: `${quote(name)} for image ${image.name}, as in ${describePlace(document, before.area.path, "key")}`,
      hint: "put {area} or {branch} into source.repository or source.tag",
    };
  }
  const place = describePlace(document, before.image.path, "key");
  const areas = before.area === area ? `in area ${area.name}` : `in area ${area.name}, and in area ${before.area.name}`;
  return {
    ...common,
    path: image.path,
    expected,
    found: `${quote(name)} ${areas}, as ${place}`,
    hint: "put {image} into source.repository or source.tag, apart from {area} by a sign that names do not have",
  };
}
