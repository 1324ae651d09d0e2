import { WindlassError } from "@windlass/windlass-error";

export type SnsNotifierErrorCode =
  /** There is no such topic. */
  | "topic-unknown"
  /** The credentials may not publish there. */
  | "access-denied"
  /** SNS does not take this message. */
  | "message-refused"
  /** Too many requests. */
  | "throttled"
  /** SNS did not answer, or could not do it. */
  | "unavailable";

/** Why a report could not be published. */
export class SnsNotifierError extends WindlassError<SnsNotifierErrorCode> {
  override readonly name = "SnsNotifierError";
}
