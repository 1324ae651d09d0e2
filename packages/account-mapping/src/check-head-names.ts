import { type Finding, quote } from "./finding.ts";
import type { ProblemCode } from "./problem.ts";
import type { Survey } from "./survey.ts";
import { fillFor, type HeadArea, type HeadImage, surveyHeads } from "./survey-heads.ts";
import { placeholdersIn } from "./template.ts";

interface Part {
  readonly key: "repository" | "tag";
  readonly code: ProblemCode;
  readonly pattern: RegExp;
  readonly expected: string;
}

const PARTS: readonly Part[] = [
  {
    key: "repository",
    code: "invalid-repository-name",
    // ECR: 2 to 256 characters; segments of a-z and 0-9, joined by one dot, one or two underscores, or dashes.
    pattern: /^(?=.{2,256}$)[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*$/,
    expected: "an ECR repository name: 2 to 256 lower-case letters and digits, joined by . _ - or /",
  },
  {
    key: "tag",
    code: "invalid-tag",
    // The OCI distribution specification's limit; ECR itself would take more, but no client could pull it.
    pattern: /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/,
    expected: "an ECR tag: 1 to 128 letters, digits, dots, dashes and underscores",
  },
];

/** Every head is in a repository and under a tag that ECR can have. */
export function checkHeadNames(survey: Survey): readonly Finding[] {
  return PARTS.flatMap((part) => {
    const template = survey.source[part.key];
    return template === null ? [] : checkPart(part, template, survey);
  });
}

interface Misfit {
  readonly area: HeadArea;
  readonly image: HeadImage;
  readonly text: string;
}

/** Blames the template where nothing fits, an area where none of its images does, and else the image, once. */
function checkPart(part: Part, template: string, survey: Survey): readonly Finding[] {
  const placeholders = placeholdersIn(template);
  const byArea = placeholders.includes("area") || placeholders.includes("branch");
  const heads = surveyHeads(survey);
  const areas = byArea ? heads.areas : heads.areas.slice(0, 1);
  const images = placeholders.includes("image") ? heads.images : heads.images.slice(0, 1);
  const misfits = areas.map((area) => findMisfits(part, template, { area, images }));
  const [example] = misfits.flat();
  if (example === undefined) return [];
  const isOnePlaceholder = /^\{\w+\}$/.test(template);
  if (!isOnePlaceholder && misfits.every(({ length }) => length === images.length)) {
    return [blame(part, example, { path: ["source", part.key], part: "value" })];
  }
  const fitsNowhere = (ofArea: readonly Misfit[]): boolean => byArea && ofArea.length === images.length;
  const ofAreas = misfits.filter(fitsNowhere).flatMap((ofArea) => ofArea.slice(0, 1));
  const ofImages = firstOfEachImage(misfits.filter((ofArea) => !fitsNowhere(ofArea)).flat());
  const areaPart = placeholders.includes("branch") ? "branch" : "name";
  return [
    ...ofAreas.map((misfit) => blame(part, misfit, placeOfArea(misfit.area, areaPart))),
    ...ofImages.map((misfit) => blame(part, misfit, { path: misfit.image.path, part: "key" })),
  ];
}

function placeOfArea({ path }: HeadArea, areaPart: "branch" | "name"): Pick<Finding, "path" | "part"> {
  return areaPart === "branch" ? { path: [...path, "branch"], part: "value" } : { path, part: "key" };
}

function blame(part: Part, { area, image, text }: Misfit, place: Pick<Finding, "path" | "part">): Finding {
  const { code, expected, key } = part;
  return {
    ...place,
    code,
    expected,
    found: `${quote(text)} for image ${image.name} in area ${area.name}`,
    hint: `rename it, or change source.${key}`,
  };
}

function findMisfits(
  part: Part,
  template: string,
  { area, images }: { readonly area: HeadArea; readonly images: readonly HeadImage[] },
): readonly Misfit[] {
  return images.flatMap((image) => {
    const text = fillFor(template, area, image);
    return part.pattern.test(text) ? [] : [{ area, image, text }];
  });
}

function firstOfEachImage(misfits: readonly Misfit[]): readonly Misfit[] {
  const seen = new Set<HeadImage>();
  return misfits.filter(({ image }) => !seen.has(image) && seen.add(image));
}
