/** Finds what Terraform says went wrong, line by line. */
export interface ErrorCollector {
  push(text: string): void;
  /** From the first error on, at most as long as was asked for; null where there is none. */
  message(): string | null;
}

/** With colour Terraform draws a box around an error, without it does not. */
const FRAME = /^[╷│╵] ?/;
const ERROR = /^\s*Error: /;
/** What every resource says that an interrupt kept from beginning; it explains nothing. */
const HALTED = /^\s*Error: execution halted\s*$/;
/** Other messages, which end an error's text. */
const OTHER = /^\s*Warning: /;

/** `limit`: characters that are kept. */
export function createErrorCollector(limit: number): ErrorCollector {
  const kept: string[] = [];
  let length = 0;
  let inError = false;
  let halted = false;
  let rest = "";

  function takeLine(raw: string): void {
    const line = raw.replace(FRAME, "").trimEnd();
    if (HALTED.test(line)) halted = true;
    if (ERROR.test(line)) inError = !HALTED.test(line);
    else if (OTHER.test(line)) inError = false;
    // Errors are blocks with an empty line between them; one empty line is enough.
    const isGap = line === "" && (kept.length === 0 || kept.at(-1) === "");
    if (!inError || isGap) return;
    // Two characters more than there is room for, a gap's and a line's, so that the cut shows.
    if (length > limit + 2) return;
    kept.push(line);
    length += line.length + 1;
  }

  return {
    push(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(takeLine);
    },
    message() {
      if (rest !== "") takeLine(rest);
      rest = "";
      if (kept.length === 0) return halted ? "Error: execution halted" : null;
      return shorten(kept.join("\n").trim(), limit);
    },
  };
}

/** Says so where text was cut. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const note = "\n[cut]";
  return text.slice(0, limit - note.length) + note;
}
