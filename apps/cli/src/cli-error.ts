import { WindlassError } from "@windlass/windlass-error";
import { exitCode } from "./exit-code.ts";

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
  | "secret-unusable"
  /** No account mapping was named. */
  | "mapping-missing"
  | "unknown-area"
  | "unknown-image"
  | "unknown-deployment"
  | "unknown-commit"
  /** There is nothing that was live before. */
  | "nothing-before"
  /** A person has to say yes first. */
  | "not-confirmed"
  /** Another program listens there. */
  | "port-taken"
  /** A request to the board that is not one of its pages', or without its token. */
  | "board-refused"
  /** No tick has ever run in the area. */
  | "ledger-missing"
  | AccessErrorCode;

/** Why an area can not be looked at. */
export type AccessErrorCode =
  /** The AWS SDK finds no credentials, or none for this profile. */
  | "no-credentials"
  /** Single sign-on has to be renewed. */
  | "sso-expired"
  /** AWS no longer, or not yet, accepts these credentials. */
  | "credentials-rejected"
  /** The credentials are of another account than the mapping's for the area. */
  | "wrong-account"
  | "bucket-missing"
  | "no-permission"
  /** No answer from AWS. */
  | "aws-unreachable"
  /** What is in the bucket is not what it should be. */
  | "area-unreadable";

/** What the command line says before it ends. */
export class CliError extends WindlassError<CliErrorCode> {
  override readonly name = "CliError";
}

/** Which exit code a command ends with that could not be run. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof CliError)) return exitCode.usage;
  switch (error.code) {
    case "unknown-area":
    case "unknown-image":
    case "unknown-deployment":
    case "unknown-commit":
    case "nothing-before":
      return exitCode.notFound;
    case "not-confirmed":
      return exitCode.declined;
    case "ledger-missing":
    case "no-credentials":
    case "sso-expired":
    case "credentials-rejected":
    case "wrong-account":
    case "bucket-missing":
    case "no-permission":
    case "aws-unreachable":
    case "area-unreadable":
      return exitCode.noAccess;
    case "options-wrong":
    case "file-unreadable":
    case "templates-unfit":
    case "github-not-mapped":
    case "secret-unusable":
    case "mapping-missing":
    case "port-taken":
    case "board-refused":
      return exitCode.usage;
  }
}
