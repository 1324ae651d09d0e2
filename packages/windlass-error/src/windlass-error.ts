/** What an error tells: enough for a person to mend it and for a program to branch on. */
export interface ErrorDetails<Code extends string> {
  /** Stable and kebab-case; programs branch on this and never on the text. */
  readonly code: Code;
  /** One sentence, without the parts below. */
  readonly message: string;
  /** What would have been right. */
  readonly expected?: string | undefined;
  /** What was there instead. */
  readonly found?: string | undefined;
  /** File, line, object key, group: where it was found. */
  readonly where?: string | undefined;
  /** What a person can do next. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** True where the same call may succeed later without anybody changing anything. */
  readonly retryable?: boolean | undefined;
}

/**
 * The base of every error Windlass throws. Each package has one subclass with a closed union of codes.
 *
 * @example
 * ```ts
 * throw new MappingError({ code: "unknown-key", message: "unknown key", found: "image", hint: 'did you mean "images"?' });
 * ```
 */
export class WindlassError<Code extends string = string> extends Error {
  override readonly name: string = "WindlassError";
  readonly code: Code;
  readonly expected: string | undefined;
  readonly found: string | undefined;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly retryable: boolean;

  constructor(details: ErrorDetails<Code>) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.expected = details.expected;
    this.found = details.found;
    this.where = details.where;
    this.hint = details.hint;
    this.retryable = details.retryable ?? false;
  }
}

/** One error as one line for people: `where: message: expected X, found Y (code). Hint: ...`. Never a stack trace. */
export function describeError(error: unknown): string {
  if (!(error instanceof WindlassError)) return error instanceof Error ? error.message : String(error);
  const comparison = [
    error.expected === undefined ? undefined : `expected ${error.expected}`,
    error.found === undefined ? undefined : `found ${error.found}`,
  ].filter((part) => part !== undefined);
  const where = error.where === undefined ? "" : `${error.where}: `;
  const compared = comparison.length === 0 ? "" : `: ${comparison.join(", ")}`;
  const hint = error.hint === undefined ? "" : `. Hint: ${error.hint}`;
  return `${where}${error.message}${compared} (${error.code})${hint}`;
}
