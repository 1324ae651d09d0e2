import { WindlassError } from "@windlass/windlass-error";

export type CliErrorCode =
  /** Options that do not go together, or lack one another. */
  | "options-wrong"
  /** A file that was named can not be read. */
  | "file-unreadable"
  /** The synthesized templates are none that can be looked at, or not those that were meant. */
  | "templates-unfit"
  /** The mapping says nothing of GitHub. */
  | "github-not-mapped"
  /** The secret holds no text. */
  | "secret-unusable";

/** What the command line says before it ends with exit code 2. */
export class CliError extends WindlassError<CliErrorCode> {
  override readonly name = "CliError";
}
