import { hideBeginning, hideLiterals } from "./hide-literals.ts";
import { REDACTION_RULES } from "./redaction-rules.ts";

/** Takes secrets out of text that arrives in pieces. */
export interface Redactor {
  /** Returns what is safe to show now: whole lines only, since a secret may go on in the next piece. */
  push(piece: string): string;
  /** The rest. */
  end(): string;
}

export interface RedactionOptions {
  /**
   * Values known to be secret, e.g. the credentials that Terraform was given. Short ones are ignored. A function is asked with
   * each line: more may become known while the text goes on.
   */
  readonly literals?: readonly string[] | (() => readonly string[]);
}

interface LineRedactor {
  /** Null where nothing is left of the line. */
  redactLine(line: string): string | null;
  /** Values that are taken out wherever they stand. */
  literals(): readonly string[];
}

/** In characters. The rest of a longer line is left out, since what is held back must have a bound. */
const LINE_LIMIT = 262_144;
/** A private key of 16,384 bits has 200 lines. After that, what looked like a PEM block was none. */
const PEM_LINES = 250;
const SHORTEST_LITERAL = 12;

const PEM_BEGIN = /-----BEGIN [A-Z0-9 ]{1,64}-----/;
const PEM_END = /-----END [A-Z0-9 ]{1,64}-----/;
/** Made once: a long log has a million lines, and each meets every rule. */
const RULES = REDACTION_RULES.map(({ name, pattern }) => ({ pattern, mark: marker(name) }));
/** What secrets without spaces are made of. */
const TOKEN_CHARACTER = /[A-Za-z0-9+/=_.~%-]/;

/**
 * The result does not depend on where the pieces were cut.
 *
 * @example
 * ```ts
 * const redactor = createRedactor();
 * redactor.push("key AKIAIOSF") + redactor.push("ODNN7EXAMPLE\n"); // "key [redacted AWS access key]\n"
 * ```
 */
export function createRedactor(options: RedactionOptions = {}): Redactor {
  const redactor = createLineRedactor(options.literals ?? []);
  let pending = "";
  let cut = false;

  function takeLine(line: string): string {
    const text = cut ? "" : redactLimited(line, redactor);
    cut = false;
    return text === null ? "" : `${text}\n`;
  }

  return {
    push(piece) {
      // Only the new piece is searched: a line may come one character at a time.
      const end = piece.lastIndexOf("\n");
      const lines = end < 0 ? [] : (pending + piece.slice(0, end)).split("\n");
      pending = end < 0 ? pending + piece : piece.slice(end + 1);
      const shown = lines.map(takeLine).join("");
      if (!cut && pending.length <= LINE_LIMIT) return shown;
      const head = cut ? "" : redactLong(pending, redactor);
      cut = true;
      pending = "";
      return shown + head;
    },
    end() {
      const rest = pending === "" ? null : redactor.redactLine(pending);
      pending = "";
      return rest ?? "";
    },
  };
}

/** For text that is there as a whole. */
export function redactText(text: string, options: RedactionOptions = {}): string {
  const redactor = createRedactor(options);
  return redactor.push(text) + redactor.end();
}

function redactLimited(line: string, redactor: LineRedactor): string | null {
  return line.length <= LINE_LIMIT ? redactor.redactLine(line) : redactLong(line, redactor);
}

function redactLong(line: string, { redactLine, literals }: LineRedactor): string {
  // Not within a known secret or a token: its first half would not be recognised.
  const head = hideBeginning(line.slice(0, LINE_LIMIT), literals());
  let end = head.length;
  while (end > 0 && TOKEN_CHARACTER.test(head.charAt(end - 1))) end -= 1;
  return `${redactLine(head.slice(0, end)) ?? ""}[the rest of a line of over ${LINE_LIMIT} characters is left out]`;
}

function createLineRedactor(given: NonNullable<RedactionOptions["literals"]>): LineRedactor {
  const literals = openLiterals(given);
  let pemLines = 0;

  function redactLine(line: string): string | null {
    if (pemLines > 0) {
      const end = PEM_END.exec(line);
      pemLines = end !== null || pemLines === PEM_LINES ? 0 : pemLines + 1;
      const rest = end === null ? "" : line.slice(end.index + end[0].length);
      return rest === "" ? null : redactLine(rest);
    }
    const text = applyRules(line, literals());
    const begin = PEM_BEGIN.exec(text);
    if (begin === null) return text;
    pemLines = 1;
    return `${text.slice(0, begin.index)}[redacted PEM block]`;
  }

  return { redactLine, literals };
}

function openLiterals(literals: NonNullable<RedactionOptions["literals"]>): () => readonly string[] {
  if (typeof literals === "function") return () => toLines(literals());
  const known = toLines(literals);
  return () => known;
}

/** Lines are looked at one by one: a secret of several lines is known by each of them. */
function toLines(literals: readonly string[]): readonly string[] {
  return literals.flatMap((literal) => literal.split(/\r?\n/)).filter(({ length }) => length >= SHORTEST_LITERAL);
}

function applyRules(line: string, literals: readonly string[]): string {
  return RULES.reduce((text, { pattern, mark }) => text.replace(pattern, mark), hideLiterals(line, literals));
}

function marker(name: string): (match: string, kept: unknown) => string {
  // Without a group, the second argument is the offset.
  return (_match, kept) => `${typeof kept === "string" ? kept : ""}[redacted ${name}]`;
}
