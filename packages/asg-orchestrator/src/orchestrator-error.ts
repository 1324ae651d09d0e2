import type { Unreadable } from "@windlass/deployment";
import { describeError, WindlassError } from "@windlass/windlass-error";

export type OrchestratorErrorCode =
  /** There is no such group. */
  | "group-missing"
  /** The group is being deleted. */
  | "group-deleting"
  /** The group has an instance, or is about to have one, that belongs to something else. */
  | "group-not-empty"
  /** The group's maximum does not allow the capacity. */
  | "above-max"
  /** The group's minimum does not allow the capacity. */
  | "below-min"
  /** Desired capacity is at its minimum, so it can not be decremented. */
  | "at-min"
  /** No group manages this instance any more. */
  | "instance-gone"
  /** The instance belongs to another group. */
  | "instance-foreign"
  /** The instance is not in service: it boots still, or is on its way out. */
  | "instance-not-in-service"
  | "refresh-in-progress"
  | "no-active-refresh"
  /** The image's name can not be part of a tag that instance metadata shows. */
  | "image-name"
  /** Another change of the group is under way. */
  | "contention"
  | "limit-exceeded"
  | "access-denied"
  /** The caller's own credentials are expired or invalid. */
  | "credentials-refused"
  | "throttled"
  /** The service failed on its side. */
  | "service-unavailable"
  /** No answer at all. */
  | "service-unreachable"
  /** The service refused the request for another reason. */
  | "request-refused"
  /** The answer lacks what it must have. */
  | "answer-incomplete"
  /** There is more than is ever read. */
  | "too-many-pages"
  /** The signal that was given ended the call. */
  | "aborted";

/** What EC2 Auto Scaling or EC2 did not do. */
export class OrchestratorError extends WindlassError<OrchestratorErrorCode> {
  override readonly name = "OrchestratorError";
}

/** A failed read as data: it says nothing about what is there. Anything but an `OrchestratorError` is thrown again. */
export function toUnreadable(error: unknown): Unreadable {
  if (!(error instanceof OrchestratorError)) throw error;
  return { kind: "unreadable", code: error.code, message: describeError(error) };
}
