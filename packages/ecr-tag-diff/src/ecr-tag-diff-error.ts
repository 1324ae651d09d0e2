import type { Unreadable } from "@windlass/deployment";
import { describeError, WindlassError } from "@windlass/windlass-error";

export type EcrTagDiffErrorCode =
  /** The registry id is not an account id. */
  | "registry-invalid"
  /** Two sources were given for one image. */
  | "duplicate-image"
  | "repository-missing"
  | "image-missing"
  | "image-archived"
  /** The registry has the image and can not hand it out: a key it may not use, an upstream that does not answer. */
  | "image-inaccessible"
  /** What was received is not what its digest says. */
  | "digest-mismatch"
  /** The registry's answer says nothing about a tag that was asked for. */
  | "answer-incomplete"
  | "access-denied"
  /** The caller's own credentials are expired or invalid. */
  | "credentials-refused"
  /** Too many requests, after all retries. */
  | "throttled"
  /** The registry failed on its side. */
  | "registry-unavailable"
  /** No answer at all. */
  | "registry-unreachable"
  /** The registry refused the request for another reason. */
  | "request-refused"
  | "blob-too-large"
  /** The signal that was given ended the read. */
  | "aborted";

/** What keeps a head from being read. */
export class EcrTagDiffError extends WindlassError<EcrTagDiffErrorCode> {
  override readonly name = "EcrTagDiffError";
}

/** A failed read as data: it says nothing about what is in the registry. */
export function toUnreadable(error: EcrTagDiffError): Unreadable {
  return { kind: "unreadable", code: error.code, message: describeError(error) };
}
