import { type ErrorDetails, WindlassError } from "@windlass/windlass-error";
import type { TickSummary } from "./summary.ts";

export type LambdaErrorCode =
  /** The environment, or the mapping that it names, is not what the Lambda needs; says everything that is wrong. */
  | "configuration-invalid"
  /** The object that `WINDLASS_MAPPING` names could not be read. */
  | "mapping-unreadable"
  /** The credentials are of another account than the mapping's for this area. */
  | "wrong-account"
  /** AWS did not say whose credentials these are. */
  | "account-unknown"
  /** The function's time ran out; the next tick goes on. */
  | "out-of-time"
  /** The ledger is committed, but some of its actions failed; the next tick derives them again. */
  | "actions-failed"
  /** What the tick brought about could not be added to the ledger. */
  | "effects-unrecorded"
  /** The secret with the GitHub App's credentials holds no text. */
  | "secret-unusable";

interface LambdaErrorDetails extends ErrorDetails<LambdaErrorCode> {
  readonly summary?: TickSummary | undefined;
}

/** Why a tick failed. */
export class LambdaError extends WindlassError<LambdaErrorCode> {
  override readonly name = "LambdaError";
  /** What the tick did nevertheless; null where it did nothing. */
  readonly summary: TickSummary | null;

  constructor(details: LambdaErrorDetails) {
    super(details);
    this.summary = details.summary ?? null;
  }
}
