import { redactText } from "@windlass/redaction";
import { describeError } from "@windlass/windlass-error";

const LONGEST_MESSAGE = 500;

/** What an error says, for the message of a trouble. */
export function explainText(error: unknown): string {
  return redactText(describeError(error)).slice(0, LONGEST_MESSAGE);
}
