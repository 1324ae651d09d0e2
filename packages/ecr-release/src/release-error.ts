import { WindlassError } from "@windlass/windlass-error";

export type ReleaseErrorCode =
  /** The registry id is no account id. */
  | "registry-invalid"
  | "digest-invalid"
  /** Not the full commit, which alone is the same for everybody. */
  | "commit-invalid"
  | "credentials-missing"
  /** The credentials are expired or invalid. */
  | "credentials-refused"
  /** The credentials are those of another account than the registry's. */
  | "account-wrong"
  | "access-denied"
  | "repository-missing"
  | "digest-missing"
  | "tag-missing"
  /** What carries the digest is neither an image nor an index of images. */
  | "not-an-image"
  /** The registry has the image and can not hand it out, for instance because it is archived. */
  | "image-inaccessible"
  /** A manifest is not what its digest says. */
  | "digest-mismatch"
  /** The commit's tag is on another image. */
  | "commit-tag-taken"
  /** The tag of time and commit is on another image. */
  | "time-tag-taken"
  /** The repository lets no tag of an area, or no `keep-` tag, move. */
  | "tag-immutable"
  /** The tag was moved, and the registry does not show it. */
  | "not-verified"
  /** Too many requests, after all retries. */
  | "throttled"
  | "registry-unavailable"
  /** No answer at all. */
  | "registry-unreachable"
  | "request-refused"
  /** The signal that was given ended the release. */
  | "aborted";

/** Why a release did not come to its end. What was done until then stays, and does no harm: it can be repeated. */
export class ReleaseError extends WindlassError<ReleaseErrorCode> {
  override readonly name = "ReleaseError";
}
