import { WindlassError } from "@windlass/windlass-error";

export type GitHubNotifierErrorCode =
  /** The App's credentials are not what they should be. */
  | "credentials-malformed"
  /** The permit has ended: nothing is sent or waited for any more. */
  | "permit-ended"
  /** GitHub said that it is done, and what it answered broke off, is no JSON, or lacks an id. */
  | "answer-unusable";

/** What the notifier refuses to work with. No delivery rejects with it: what goes wrong there is a `Trouble`. */
export class GitHubNotifierError extends WindlassError<GitHubNotifierErrorCode> {
  override readonly name = "GitHubNotifierError";
}
