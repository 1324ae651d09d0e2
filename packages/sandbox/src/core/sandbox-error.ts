import { WindlassError } from "@windlass/windlass-error";

export type SandboxErrorCode =
  | "already-exists"
  | "bad-account"
  | "bad-commit"
  | "bad-identity"
  | "bad-fault"
  | "no-such-bucket"
  | "not-found";

/** The sandbox's own functions were misused. What AWS would answer is never this: that is an `AwsFault` on the wire. */
export class SandboxError extends WindlassError<SandboxErrorCode> {
  override readonly name = "SandboxError";
}
