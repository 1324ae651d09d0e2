import type { YAMLError } from "yaml";
import { type PlacedProblem, quote } from "./finding.ts";
import { type ProblemCode, titleOf } from "./problem.ts";
import type { TextLines } from "./text-lines.ts";

/** Something wrong with the text as YAML. */
export interface TextProblem {
  readonly code: ProblemCode;
  readonly offset: number;
  readonly expected: string;
  readonly found: string;
  readonly hint: string;
  /** A second place that belongs to the problem. */
  readonly firstOffset?: number;
}

type Advice = Pick<TextProblem, "code" | "expected" | "hint">;

const SYNTAX: Advice = {
  code: "yaml-syntax",
  expected: "YAML 1.2 or JSON",
  hint: "give the keys of one block the same indentation, and put texts with special signs in quotes",
};

/** By the parser's code, where more can be said than that it is wrong. */
const ADVICE: Readonly<Partial<Record<YAMLError["code"], Advice>>> = {
  TAB_AS_INDENT: { code: "tab-indentation", expected: "spaces before a key", hint: "indent with spaces" },
  TAG_RESOLVE_FAILED: { code: "unknown-tag", expected: "a value without a tag", hint: "remove the word with the !" },
  MISSING_CHAR: { ...SYNTAX, hint: "close what is open: a quote, a bracket, or a key with its colon" },
  BLOCK_AS_IMPLICIT_KEY: { ...SYNTAX, hint: 'put a text with ": " in quotes, or start a new line for its keys' },
  BAD_SCALAR_START: { ...SYNTAX, hint: "put the text in quotes: it starts with a sign that YAML reserves" },
};

/** What the YAML parser found; of a line only the first, since the others mostly follow from it. */
export function explainYamlErrors(errors: readonly YAMLError[], lines: TextLines): readonly TextProblem[] {
  const seen = new Set<number>();
  return [...errors]
    .sort((a, b) => a.pos[0] - b.pos[0])
    .filter(({ pos }) => {
      const { line } = lines.placeAt(pos[0]);
      return !seen.has(line) && seen.add(line);
    })
    .map(({ code, pos, message }) => {
      // What is never closed is told at the end: of the last line, and not of the empty one behind it.
      const offset = Math.min(pos[0], lines.end);
      return { ...(ADVICE[code] ?? SYNTAX), offset, found: `${quote(lines.lineAt(offset))}: ${firstLine(message)}` };
    });
}

export function placeProblem(problem: TextProblem, lines: TextLines, file: string): PlacedProblem {
  const { code, offset, expected, hint, firstOffset } = problem;
  const place = lines.placeAt(offset);
  const { line, column } = place;
  const first = firstOffset === undefined ? "" : `, first on line ${lines.placeAt(firstOffset).line}`;
  const found = `${problem.found}${first}`;
  return { place, problem: { code, message: titleOf(code), file, line, column, path: "", expected, found, hint } };
}

function firstLine(message: string): string {
  return message.split("\n", 1).join("");
}
