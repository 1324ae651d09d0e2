import { redactText } from "@windlass/redaction";
import { WindlassError } from "@windlass/windlass-error";
import { describeFailure } from "./describe-failure.ts";

/** An error as JSON shows it; null, where it does not say. */
export interface ShownError {
  readonly code: string | null;
  readonly message: string;
  readonly where: string | null;
  readonly expected: string | null;
  readonly found: string | null;
  readonly hint: string | null;
  /** All of it in one line. */
  readonly text: string;
}

export function showError(error: unknown): ShownError {
  const text = describeFailure(error);
  if (!(error instanceof WindlassError)) {
    return { code: null, message: text, where: null, expected: null, found: null, hint: null, text };
  }
  const { code, where = null, expected = null, found, hint = null } = error;
  const message = redactText(error.message);
  return { code, message, where, expected, found: found === undefined ? null : redactText(found), hint, text };
}
