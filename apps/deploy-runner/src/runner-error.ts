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
  /** No container engine is installed, or it does not run. */
  | "engine-missing"
  /** The container engine failed in a way that has no code of its own. */
  | "engine-failed"
  /** The containers' network could not be made, or not be made safe. */
  | "network-setup-failed"
  /** The registry does not let the instance role read the image. */
  | "login-refused"
  /** The registry does not have the digest any more. */
  | "image-missing"
  /** The image does not keep to the contract of an IaC image. */
  | "image-unfit"
  | "digest-mismatch"
  | "architecture-mismatch"
  | "disk-full"
  | "registry-unreachable"
  /** The apply role could not be assumed. */
  | "role-refused"
  | "credentials-endpoint-failed"
  /** What Terraform has left in its working directory can not be read. */
  | "volume-unreadable"
  /** An earlier deployment left a state, and it is not in the bucket. */
  | "state-missing"
  /** The state could not be read from the bucket. */
  | "state-unreadable"
  /** A defect of the runner or of the machine. */
  | "runner-failed";

/** Why the runner can not do its work. */
export class RunnerError extends WindlassError<RunnerErrorCode> {
  override readonly name = "RunnerError";
}
