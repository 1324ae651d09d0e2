import { WindlassError } from "@windlass/windlass-error";

export type RunnerErrorCode =
  /** The environment is not what the runner needs. */
  | "config-invalid"
  /** Instance metadata did not answer, or has no such entry. */
  | "metadata-unavailable"
  /** There is no assignment for this deployment. */
  | "assignment-missing"
  /** There is one, but not of a form that this version knows. */
  | "assignment-invalid"
  /** It is for another area, account or region. */
  | "assignment-foreign"
  /** The credentials belong to another account. */
  | "wrong-account"
  /** AWS STS did not say which account the credentials belong to. */
  | "identity-unreadable"
  /** The deploy group could not be read. */
  | "group-unreadable"
  /** Asked to stop before anything had begun. */
  | "stopped"
  /** The engine has no module for the image. */
  | "module-missing"
  | "terraform-missing"
  /** A defect of the runner or of the machine. */
  | "runner-failed";

/** Why the runner can not do its work. */
export class RunnerError extends WindlassError<RunnerErrorCode> {
  override readonly name = "RunnerError";
}
