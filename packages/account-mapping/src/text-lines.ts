import type { Place } from "./document.ts";

/** Finds lines and columns in a text. */
export interface TextLines {
  placeAt(offset: number): Place & { readonly line: number; readonly column: number };
  /** The text of the line around the offset, trimmed. */
  lineAt(offset: number): string;
  /** Behind the last character that is not space. */
  readonly end: number;
}

export function indexLines(text: string): TextLines {
  const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  const placeAt = (offset: number): ReturnType<TextLines["placeAt"]> => {
    const inside = Math.min(offset, text.length);
    const line = countUpTo(starts, inside);
    const column = inside - (starts[line - 1] as number) + 1;
    return { line, column, order: [line, column] };
  };
  const lineAt = (offset: number): string => {
    const { line } = placeAt(offset);
    return text.slice(starts[line - 1], starts[line]).trim();
  };
  return { placeAt, lineAt, end: text.trimEnd().length };
}

/** How many of the ascending numbers are not above the limit. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((ascending[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
