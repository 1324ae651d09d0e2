import { buildMapping } from "./build-mapping.ts";
import { checkAreas } from "./check-areas.ts";
import { checkDependencies } from "./check-dependencies.ts";
import { checkHeadNames } from "./check-head-names.ts";
import { checkInfra } from "./check-infra.ts";
import { checkNames } from "./check-names.ts";
import { checkSameHeads } from "./check-same-heads.ts";
import { checkSchema } from "./check-schema.ts";
import { checkStates } from "./check-states.ts";
import { checkValues } from "./check-values.ts";
import { comparePlaces, type MappingDocument } from "./document.ts";
import { type Finding, type PlacedProblem, placeFinding } from "./finding.ts";
import type { AccountMapping } from "./mapping.ts";
import { invalidMapping } from "./mapping-error.ts";
import { valueAt } from "./path.ts";
import type { MappingProblem } from "./problem.ts";
import { surveyFile } from "./survey.ts";

/** The mapping in the document. Throws a `MappingError` with every problem, those found while reading it included. */
export function checkDocument(
  document: MappingDocument,
  file: string,
  foundBefore: readonly PlacedProblem[] = [],
): AccountMapping {
  const newer = findNewerVersion(document);
  const schema = newer === null ? checkSchema(document) : { file: null, findings: [newer] };
  const across = newer === null ? checkAcross(document) : [];
  const placed = [...schema.findings, ...across].map((finding) => placeFinding(document, finding, file));
  const problems = [...foundBefore, ...placed];
  if (schema.file === null || problems.length > 0) throw invalidMapping(file, inOrder(problems));
  return buildMapping(schema.file);
}

/** All else in a file of a newer format may be right. */
function findNewerVersion(document: MappingDocument): Finding | null {
  const version = valueAt(document.value, ["version"]);
  if (typeof version !== "number" || version < 2) return null;
  return {
    code: "unsupported-version",
    path: ["version"],
    part: "value",
    expected: "1",
    found: String(version),
    hint: "this file needs a newer Windlass: update it",
  };
}

function checkAcross(document: MappingDocument): readonly Finding[] {
  const survey = surveyFile(document.value);
  return [
    ...checkNames(survey),
    ...checkAreas(document, survey),
    ...checkDependencies(survey),
    ...checkValues(document, survey),
    ...checkInfra(document, survey),
    ...checkHeadNames(survey),
    ...checkSameHeads(document, survey),
    ...checkStates(survey),
  ];
}

function inOrder(problems: readonly PlacedProblem[]): readonly MappingProblem[] {
  return [...problems].sort((a, b) => comparePlaces(a.place, b.place)).map(({ problem }) => problem);
}
