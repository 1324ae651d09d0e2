import { brokenRule } from "./broken-rule.ts";
import type { MappingDocument } from "./document.ts";
import { findRepeated } from "./find-repeated.ts";
import { type Finding, quote } from "./finding.ts";
import type { Path } from "./path.ts";
import { type Entry, entriesOf, type Fields, fieldsOf, type Survey, textMatching } from "./survey.ts";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What one value says about another beside it. */
export function checkValues(document: MappingDocument, survey: Survey): readonly Finding[] {
  return [
    ...survey.areas.flatMap(checkFreezes),
    ...survey.images.flatMap(({ path, fields }) => [
      ...findRepeated(document, fields["after"], [...path, "after"]),
      ...findRepeated(document, fields["groups"], [...path, "groups"]),
      ...checkEntrypoint(fields, path),
      ...checkPreferences(fieldsOf(fields["preferences"]), [...path, "preferences"]),
      ...findUnquotedVariables(document, fields["variables"], [...path, "variables"]),
    ]),
  ];
}

function checkFreezes({ path, fields }: Entry): readonly Finding[] {
  const freezes = fields["freezes"];
  return entriesOf(Array.isArray(freezes) ? { ...freezes } : {}, []).flatMap(({ name, fields: freeze }) => {
    const from = textMatching(freeze["from"], DAY);
    const to = textMatching(freeze["to"], DAY);
    if (from === null || to === null || from <= to) return [];
    return [brokenRule("freezeOrder", [...path, "freezes", Number(name), "to"], `${from} to ${to}`)];
  });
}

/** A backend can be laid under Terraform's own steps only. */
function checkEntrypoint({ state, entrypoint }: Fields, path: Path): readonly Finding[] {
  if (state !== "managed" || !Array.isArray(entrypoint)) return [];
  return [brokenRule("entrypointState", [...path, "state"], quote(state))];
}

// EC2 Auto Scaling: MaxHealthyPercentage needs MinHealthyPercentage, and may be at most 100 above it.
function checkPreferences(preferences: Fields, path: Path): readonly Finding[] {
  const { minHealthyPercentage: lowest, maxHealthyPercentage: highest } = preferences;
  if (typeof highest !== "number") return [];
  const place = [...path, "maxHealthyPercentage"];
  if (lowest === undefined) return [brokenRule("maxNeedsMin", place, `${highest} alone`)];
  if (typeof lowest !== "number" || highest - lowest <= 100) return [];
  return [brokenRule("healthySpan", place, `${highest}, ${highest - lowest} above ${lowest}`)];
}

/** Terraform gets text: a number that would not arrive as it is written must be text in the file already. */
function findUnquotedVariables(document: MappingDocument, variables: unknown, path: Path): readonly Finding[] {
  return entriesOf(variables, path).flatMap(({ name, path: place }): readonly Finding[] => {
    const value = (variables as Fields)[name];
    const written = document.textAt(place);
    if (typeof value !== "number" || !Number.isFinite(value) || written === null || written === String(value))
      return [];
    return [
      {
        code: "variable-not-quoted",
        path: place,
        part: "value",
        expected: "quotes around a number that can be written in more than one way",
        found: `${written}, which would arrive as ${value}`,
        hint: `write "${written}", or ${value}`,
      },
    ];
  });
}
