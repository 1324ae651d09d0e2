import { WindlassError } from "@windlass/windlass-error";

export type IsolationErrorCode =
  /** What was given is no CloudFormation template. */
  | "template-unreadable"
  /** A value is known when the template is deployed, and not before. */
  | "cannot-resolve"
  /** A policy is not one that IAM would take. */
  | "policy-unreadable";

export class IsolationError extends WindlassError<IsolationErrorCode> {
  override readonly name = "IsolationError";
}
