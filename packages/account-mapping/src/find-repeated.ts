import { brokenRule } from "./broken-rule.ts";
import type { MappingDocument } from "./document.ts";
import { describePlace, type Finding, quote } from "./finding.ts";
import type { Path } from "./path.ts";
import { textsOf } from "./survey.ts";

/** The entries of a list of texts that are there already. */
export function findRepeated(document: MappingDocument, list: unknown, path: Path): readonly Finding[] {
  const first = new Map<string, number>();
  return textsOf(list).flatMap(([index, text]): readonly Finding[] => {
    const before = first.get(text);
    if (before === undefined) {
      first.set(text, index);
      return [];
    }
    const found = `${quote(text)}, as in ${describePlace(document, [...path, before], "value")}`;
    return [brokenRule("repeated", [...path, index], found)];
  });
}
