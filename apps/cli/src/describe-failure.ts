import { describeProblem, MappingError } from "@windlass/account-mapping";
import { redactText } from "@windlass/redaction";
import { describeError } from "@windlass/windlass-error";

/** Any error as text for people: a line, or one for each problem of a mapping. Never a stack, never a secret. */
export function describeFailure(error: unknown): string {
  const text =
    error instanceof MappingError && error.problems.length > 0
      ? error.problems.map(describeProblem).join("\n")
      : describeError(error);
  return redactText(text);
}
