import { type ErrorDetails, WindlassError } from "@windlass/windlass-error";
import { describeProblem, type MappingProblem } from "./problem.ts";

export type MappingErrorCode = "invalid-mapping" | "not-a-slice" | "unknown-area" | "unknown-image";

interface MappingErrorDetails extends ErrorDetails<MappingErrorCode> {
  readonly problems?: readonly MappingProblem[];
}

/** The only error of this package. The message of an `invalid-mapping` has one line for each problem. */
export class MappingError extends WindlassError<MappingErrorCode> {
  override readonly name = "MappingError";
  /** All that is wrong with the mapping, in the file's order; empty unless the code is `invalid-mapping`. */
  readonly problems: readonly MappingProblem[];

  constructor(details: MappingErrorDetails) {
    super(details);
    this.problems = details.problems ?? [];
  }
}

/** The error for a mapping with these problems, of which there is at least one. */
export function invalidMapping(file: string, problems: readonly MappingProblem[]): MappingError {
  const lines = problems.map(describeProblem);
  const heading = lines.length === 1 ? [] : [`${lines.length} problems in ${file}`];
  return new MappingError({ code: "invalid-mapping", message: [...heading, ...lines].join("\n"), problems });
}
