import type { MappingDocument } from "./document.ts";
import { describePlace, type Finding, quote } from "./finding.ts";
import type { Path } from "./path.ts";
import { ACCOUNT_ID } from "./schema-text.ts";
import { type Entry, type Survey, textMatching } from "./survey.ts";

/** Each branch and each account belongs to one area, and the registry's account only to the pipeline's own. */
export function checkAreas(document: MappingDocument, survey: Survey): readonly Finding[] {
  return [
    ...findUsedTwice(document, survey.areas, "branch"),
    ...findUsedTwice(document, survey.areas, "account"),
    ...survey.areas.flatMap((area) => checkPipeline(area, survey.registryAccount)),
  ];
}

function findUsedTwice(
  document: MappingDocument,
  areas: readonly Entry[],
  key: "branch" | "account",
): readonly Finding[] {
  const first = new Map<string, Path>();
  return areas.flatMap(({ path: area, fields }): readonly Finding[] => {
    const value = fields[key];
    if (typeof value !== "string") return [];
    const path = [...area, key];
    const before = first.get(value);
    if (before === undefined) {
      first.set(value, path);
      return [];
    }
    return [
      {
        code: `${key}-used-twice`,
        path,
        part: "value",
        expected: key === "branch" ? "a branch of its own for each area" : "an account of its own for each area",
        found: `${quote(value)}, as in ${describePlace(document, before, "value")}`,
        hint: `give one of the two areas another ${key}`,
      },
    ];
  });
}

function checkPipeline({ path, fields }: Entry, registryAccount: string | null): readonly Finding[] {
  const account = textMatching(fields["account"], ACCOUNT_ID);
  if (account === null || registryAccount === null) return [];
  const pipeline = fields["pipeline"] === true;
  if (account === registryAccount && !pipeline) {
    return [
      {
        code: "area-in-registry-account",
        path: [...path, "account"],
        part: "value",
        expected: "an account other than the registry's",
        found: quote(account),
        hint: "use the area's own account, or add pipeline: true where the pipeline deploys its own infrastructure",
      },
    ];
  }
  if (account === registryAccount || !pipeline) return [];
  return [
    {
      code: "pipeline-in-other-account",
      path: [...path, "pipeline"],
      part: "value",
      expected: `the registry's account, ${quote(registryAccount)}`,
      found: quote(account),
      hint: "remove pipeline: true; it is for the pipeline's own infrastructure only",
    },
  ];
}
