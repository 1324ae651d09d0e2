import { WindlassError } from "@windlass/windlass-error";

export type GitHubNotifierErrorCode =
  /** The App's credentials are not what they should be. */
  | "credentials-malformed"
  /** The permit to write has ended: nothing was sent. */
  | "permit-ended";

/** What the notifier refuses to work with. What GitHub says is never this: it is a `Trouble` in the delivery. */
export class GitHubNotifierError extends WindlassError<GitHubNotifierErrorCode> {
  override readonly name = "GitHubNotifierError";
}
