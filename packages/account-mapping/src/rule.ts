import type { ProblemCode } from "./problem.ts";

/** What a place in the file accepts, and what to say where it holds something else. */
export interface Rule {
  /** For a value of the right type that is not accepted. Functions get an empty text where the value is none. */
  readonly code: ProblemCode | ((text: string) => ProblemCode);
  readonly expected: string;
  readonly hint: string | ((text: string) => string);
}

const BLOCK_HINT = "indent its keys below it, or write { key: value }";
export const LIST_HINT = "write a list, such as [one, another]";

export function rule(code: Rule["code"], expected: string, hint: Rule["hint"]): Rule {
  return { code, expected, hint };
}

export function objectRule(code: ProblemCode, expected: string): Rule {
  return rule(code, expected, BLOCK_HINT);
}

export function listRule(expected: string): Rule {
  return rule("wrong-type", expected, LIST_HINT);
}
