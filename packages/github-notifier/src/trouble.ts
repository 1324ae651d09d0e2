/** Why something can not be shown on GitHub. Programs branch on the code, people read the message. */
export type TroubleCode =
  /** No answer: no connection, or none in time. */
  | "unreachable"
  /** GitHub could not do it (5xx). */
  | "server-error"
  /** Too many requests; `retryAfter` says for how long to leave it alone. */
  | "rate-limited"
  /** The secret can not be read. */
  | "credentials-unreadable"
  /** The secret holds no App id and private key. */
  | "credentials-malformed"
  /** GitHub knows no such App, or the key is not the App's. */
  | "credentials-refused"
  /** GitHub does not take a token that it has just made: it is not known everywhere yet. */
  | "token-refused"
  /** GitHub said that it is done, and its answer broke off or is none of GitHub's: what was asked for may be there. */
  | "answer-unusable"
  /** The App is not installed, or not on this repository. */
  | "not-installed"
  | "installation-suspended"
  /** The App was not given a permission that it takes. */
  | "permission-missing"
  /** There is no such repository, or the App may not see it. */
  | "repository-unknown"
  | "repository-archived"
  | "issues-disabled"
  | "issue-locked"
  /** The repository has no such commit. */
  | "commit-unknown"
  /** GitHub does not take what was sent. */
  | "refused";

export interface Trouble {
  readonly code: TroubleCode;
  /** Redacted. */
  readonly message: string;
  /** What a person can do. */
  readonly hint: string | null;
  /** What else it concerns: this place alone, everything in the repository, or everything on this GitHub. */
  readonly scope: "place" | "repository" | "github";
  /** Nothing mends it but a person. */
  readonly permanent: boolean;
  /** Seconds to leave GitHub alone, where it said so. */
  readonly retryAfter: number | null;
}

type Kind = Pick<Trouble, "hint" | "scope" | "permanent">;

const KINDS: Readonly<Record<TroubleCode, Kind>> = {
  unreachable: { hint: null, scope: "github", permanent: false },
  "server-error": { hint: null, scope: "repository", permanent: false },
  "rate-limited": { hint: null, scope: "github", permanent: false },
  "credentials-unreadable": {
    hint: "check the secret's name and that the role may read it",
    scope: "github",
    permanent: false,
  },
  "credentials-malformed": {
    hint: 'store { "appId": "...", "privateKey": "..." } in the secret',
    scope: "github",
    permanent: true,
  },
  "credentials-refused": {
    hint: "check that the App's id is right, and that the key is one of this App and was not deleted",
    scope: "github",
    permanent: true,
  },
  "token-refused": { hint: null, scope: "repository", permanent: false },
  "answer-unusable": { hint: null, scope: "repository", permanent: false },
  "not-installed": {
    hint: "install the App on the repository, or correct the repository in the account mapping",
    scope: "repository",
    permanent: true,
  },
  "installation-suspended": { hint: "unsuspend the App's installation", scope: "github", permanent: true },
  "permission-missing": {
    hint: "give the App the permission, and accept the change on its installation",
    scope: "place",
    permanent: true,
  },
  "repository-unknown": {
    hint: "correct the repository in the account mapping, or install the App on it",
    scope: "repository",
    permanent: true,
  },
  "repository-archived": {
    hint: "unarchive the repository, or name another one in the account mapping",
    scope: "repository",
    permanent: true,
  },
  "issues-disabled": { hint: "enable issues in the repository's settings", scope: "place", permanent: true },
  "issue-locked": { hint: "unlock the issue", scope: "place", permanent: true },
  "commit-unknown": {
    hint: "check that the image's commit is in the repository that the account mapping names",
    scope: "place",
    permanent: true,
  },
  refused: { hint: null, scope: "place", permanent: true },
};

/** A trouble of that kind; `change` where this one differs. */
export function troubleOf(code: TroubleCode, message: string, change: Partial<Trouble> = {}): Trouble {
  return { code, message, retryAfter: null, ...KINDS[code], ...change };
}
