import { WindlassError } from "@windlass/windlass-error";

export type DeploymentErrorCode =
  /** The ledger is not JSON. */
  | "ledger-unreadable"
  /** The ledger was written by a newer Windlass. */
  | "ledger-newer"
  /** The ledger is JSON of the right version, but not a ledger. */
  | "ledger-invalid"
  /** The ledger belongs to another area, workload or account. */
  | "ledger-foreign";

/** What the decision core refuses to work with. */
export class DeploymentError extends WindlassError<DeploymentErrorCode> {
  override readonly name = "DeploymentError";
}
