import { WindlassError } from "@windlass/windlass-error";

export type BootErrorCode =
  /** An option that could not be what it is for, or that a shell could take for something else. */
  | "option-invalid"
  /** EC2 would refuse the launch template. */
  | "user-data-too-long";

/** What can not be rendered. */
export class BootError extends WindlassError<BootErrorCode> {
  override readonly name = "BootError";
}
