const MARK = "[redacted credential]";

/**
 * Takes known secrets out of a line, all of them at once: one may begin with another, or begin within it, and what is left
 * of the longer one would still be a secret. What touches is hidden as one.
 */
export function hideLiterals(line: string, literals: readonly string[]): string {
  return hideSpans(
    line,
    literals.flatMap((literal) => findAll(line, literal)),
  );
}

/** The same for the beginning of a line whose rest is left out: a secret may have begun at its end. */
export function hideBeginning(line: string, literals: readonly string[]): string {
  const spans = literals.flatMap((literal) => [...findAll(line, literal), ...findBegun(line, literal)]);
  return hideSpans(line, spans);
}

function hideSpans(line: string, spans: readonly Span[]): string {
  let shown = "";
  let end = 0;
  for (const span of spans.toSorted((one, other) => one.start - other.start)) {
    if (span.start > end || end === 0) shown += `${line.slice(end, span.start)}${MARK}`;
    end = Math.max(end, span.end);
  }
  return shown + line.slice(end);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Also where it overlaps itself. */
function findAll(line: string, literal: string): readonly Span[] {
  const spans: Span[] = [];
  for (let start = line.indexOf(literal); start >= 0; start = line.indexOf(literal, start + 1)) {
    spans.push({ start, end: start + literal.length });
  }
  return spans;
}

function findBegun(line: string, literal: string): readonly Span[] {
  const end = line.length;
  for (let length = literal.length - 1; length > 0; length -= 1) {
    if (line.endsWith(literal.slice(0, length))) return [{ start: end - length, end }];
  }
  return [];
}
