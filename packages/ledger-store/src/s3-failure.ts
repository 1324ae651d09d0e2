import { LedgerStoreError, type LedgerStoreErrorCode } from "./ledger-store-error.ts";

/** What the failure of a call means. Told apart by status as much as by name, since HEAD and proxies drop names. */
export type S3Failure =
  /** 404 for the object; a missing bucket is an `error`. */
  | { readonly kind: "missing" }
  /** 412: the condition does not hold. */
  | { readonly kind: "condition-failed" }
  /** 409: another write of the same key was under way, and this one had no effect. */
  | { readonly kind: "conflict"; readonly error: LedgerStoreError }
  /** No answer, or 5xx: a write may have had its effect. */
  | { readonly kind: "unanswered"; readonly error: LedgerStoreError }
  | { readonly kind: "error"; readonly error: LedgerStoreError };

/** Reads what the SDK threw. `where` names the object for people. */
export function classifyFailure(thrown: unknown, where: string): S3Failure {
  const name = readName(thrown);
  const status = readStatus(thrown);
  const error = (code: LedgerStoreErrorCode) =>
    describe(code, { thrown, where, found: `${status ?? ""} ${name}`.trim() });
  if (name === "AbortError") return { kind: "error", error: error("aborted") };
  if (credentialErrors.has(name)) return { kind: "error", error: error("credentials-rejected") };
  if (status === undefined || status >= 500 || throttlingErrors.has(name)) {
    return { kind: "unanswered", error: error("unavailable") };
  }
  if (name === "NoSuchBucket") return { kind: "error", error: error("no-such-bucket") };
  if (status === 404) return { kind: "missing" };
  if (status === 412) return { kind: "condition-failed" };
  if (status === 409) return { kind: "conflict", error: error("conflict") };
  return { kind: "error", error: error(status === 403 ? "access-denied" : "refused") };
}

/** The same where a condition or an absent object is no possible answer: always an error. */
export function toStoreError(thrown: unknown, where: string): LedgerStoreError {
  const failure = classifyFailure(thrown, where);
  if ("error" in failure) return failure.error;
  return describe("refused", { thrown, where, found: `${readStatus(thrown)} ${readName(thrown)}` });
}

const credentialErrors: ReadonlySet<string> = new Set([
  "CredentialsProviderError",
  "ExpiredToken",
  "InvalidAccessKeyId",
  "InvalidToken",
  "SignatureDoesNotMatch",
  "TokenRefreshRequired",
]);

const throttlingErrors: ReadonlySet<string> = new Set([
  "RequestTimeout",
  "SlowDown",
  "Throttling",
  "TooManyRequestsException",
]);

interface Wording {
  readonly message: string;
  readonly hint?: string;
  readonly retryable?: true;
}

const wordings: Partial<Record<LedgerStoreErrorCode, Wording>> = {
  aborted: { message: "the call to S3 was ended by its caller" },
  "credentials-rejected": {
    message: "S3 does not accept the caller's credentials",
    hint: "check the role of the Lambda or of the instance, and the machine's clock",
  },
  unavailable: { message: "S3 could not be reached, or could not answer", retryable: true },
  "no-such-bucket": {
    message: "the state bucket does not exist",
    hint: "check WINDLASS_STATE_BUCKET, the account and the region",
  },
  conflict: { message: "S3 keeps reporting conflicting writes", retryable: true },
  "access-denied": {
    message: "access to the state bucket was denied",
    // Documented for GetObject: without s3:ListBucket an absent object answers 403, not 404.
    hint: "check the caller's policy and the bucket's; S3 also answers so for an object that is not there, where the caller lacks s3:ListBucket",
  },
  refused: { message: "S3 refused the call", hint: "check the bucket's region and settings" },
};

function describe(
  code: LedgerStoreErrorCode,
  seen: { readonly thrown: unknown; readonly where: string; readonly found: string },
): LedgerStoreError {
  const wording = wordings[code] ?? { message: "S3 failed" };
  return new LedgerStoreError({ code, ...wording, where: seen.where, found: seen.found, cause: seen.thrown });
}

function readName(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : typeof thrown;
}

/** Undefined where no answer came. */
function readStatus(thrown: unknown): number | undefined {
  if (typeof thrown !== "object" || thrown === null || !("$metadata" in thrown)) return undefined;
  const { $metadata: metadata } = thrown;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}
