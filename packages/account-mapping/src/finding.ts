import type { MappingDocument, Part, Place } from "./document.ts";
import { formatPath, type Path, valueAt } from "./path.ts";
import { type MappingProblem, type ProblemCode, titleOf } from "./problem.ts";

/** Something wrong at a path of the document. */
export interface Finding {
  readonly code: ProblemCode;
  readonly path: Path;
  /** Whether the key is to blame, or its value. */
  readonly part: Part;
  readonly expected: string;
  readonly found: string;
  readonly hint: string;
}

/** Something wrong at a known place of the file. */
export interface PlacedProblem {
  readonly place: Place;
  readonly problem: MappingProblem;
}

/** Looks up where the finding is. */
export function placeFinding(document: MappingDocument, finding: Finding, file: string): PlacedProblem {
  const { code, path, part, expected, found, hint } = finding;
  const place = document.placeOf(path, part);
  const { line, column } = place;
  const problem = { code, message: titleOf(code), file, line, column, path: formatPath(path), expected, found, hint };
  return { place, problem };
}

/** A value for people: as written where that is known, never longer than a line. */
export function describeFound(document: MappingDocument, path: Path): string {
  const written = document.textAt(path);
  return written === "" ? "nothing" : (written ?? describeValue(valueAt(document.value, path)));
}

/** The path, with its line where there is one: the second place that a finding names. */
export function describePlace(document: MappingDocument, path: Path, part: Part): string {
  const { line } = document.placeOf(path, part);
  return line === null ? formatPath(path) : `${formatPath(path)} (line ${line})`;
}

/** At most 80 characters of the text, in quotes. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return quote(value);
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value !== "object") return `a ${typeof value}`;
  return Object.keys(value).length === 0 ? "an empty object" : "an object";
}
