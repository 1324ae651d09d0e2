import { DeploymentError } from "@windlass/deployment";
import { LedgerStoreError } from "@windlass/ledger-store";
import { describeError } from "@windlass/windlass-error";
import { type AccessErrorCode, CliError } from "./cli-error.ts";
import { profileVariable } from "./profile-of.ts";

/** Whose account was asked for what. */
export interface Asked {
  readonly area: string;
  readonly account: string;
  readonly region: string;
  /** Null: the AWS SDK chose. */
  readonly profile: string | null;
}

/** What went wrong between a person and an area, as one line and its mend; other errors stay as they are. */
export function toAccessError(error: unknown, asked: Asked): unknown {
  if (error instanceof CliError) return error;
  if (error instanceof LedgerStoreError) return fromStore(error, asked);
  if (error instanceof DeploymentError) return access("area-unreadable", describeError(error), { asked, error });
  return fromSdk(error, asked) ?? error;
}

function fromStore(error: LedgerStoreError, asked: Asked): CliError | LedgerStoreError {
  const { where = "the state bucket" } = error;
  switch (error.code) {
    case "no-such-bucket":
      return access("bucket-missing", `${where}: there is no such bucket`, { asked, error });
    case "access-denied":
      return access("no-permission", `${where}: access was denied`, { asked, error });
    case "credentials-rejected":
      return fromSdk(error.cause, asked) ?? access("credentials-rejected", describeError(error), { asked, error });
    case "unavailable":
      return access("aws-unreachable", `${where}: S3 gave no answer`, { asked, error });
    case "ledger-lost":
    case "record-invalid":
    case "too-many":
      return access("area-unreadable", describeError(error), { asked, error });
    case "already-exists":
    case "argument-invalid":
    case "conflict":
    case "write-unclear":
    case "aborted":
    case "refused":
      return error;
  }
}

/** The AWS SDK names its errors; what single sign-on needs stands in the text alone. */
function fromSdk(error: unknown, asked: Asked): CliError | null {
  if (!(error instanceof Error)) return null;
  if (error.name === "CredentialsProviderError" || error.name === "TokenProviderError") {
    const code = /\bSSO\b/i.test(error.message) ? "sso-expired" : "no-credentials";
    return access(code, code === "sso-expired" ? "single sign-on has expired" : "there are no AWS credentials", {
      asked,
      error,
    });
  }
  if (REJECTED.has(error.name))
    return access("credentials-rejected", "AWS refuses these credentials", { asked, error });
  if (DENIED.has(error.name)) return access("no-permission", "AWS denies the call", { asked, error });
  const metadata = "$metadata" in error ? (error.$metadata as { readonly httpStatusCode?: number }) : {};
  const isFromNetwork = "code" in error || error.name === "TimeoutError";
  if (metadata.httpStatusCode === undefined && ("$metadata" in error || isFromNetwork)) {
    return access("aws-unreachable", "AWS gave no answer", { asked, error });
  }
  return null;
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html, and S3's own names for the same. */
const REJECTED: ReadonlySet<string> = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidAccessKeyId",
  "InvalidClientTokenId",
  "InvalidToken",
  "RequestExpired",
  "SignatureDoesNotMatch",
  "TokenRefreshRequired",
  "UnrecognizedClientException",
]);

const DENIED: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AuthFailure",
  "Forbidden",
  "UnauthorizedOperation",
]);

interface Seen {
  readonly asked: Asked;
  readonly error: unknown;
}

function access(code: AccessErrorCode, message: string, { asked, error }: Seen): CliError {
  const { area, profile } = asked;
  const found = error instanceof Error && error.name !== "LedgerStoreError" ? error.name : undefined;
  return new CliError({
    code,
    message,
    where: profile === null ? area : `${area} (profile ${profile})`,
    found,
    hint: mendOf(code, asked),
    cause: error,
  });
}

/** What a person does next. */
export function mendOf(code: AccessErrorCode, { area, account, region, profile }: Asked): string {
  const named = profile === null ? "" : ` --profile ${profile}`;
  const variable = profileVariable(area);
  switch (code) {
    case "no-credentials":
      return profile === null
        ? `sign in to account ${account}, or name a profile of it: --profile ${area}=<profile>, or ${variable}`
        : `check that the AWS configuration has the profile ${profile}: aws configure list${named}`;
    case "sso-expired":
      return `run: aws sso login${named}`;
    case "credentials-rejected":
      return `sign in again, and check the machine's clock: aws sts get-caller-identity${named}`;
    case "wrong-account":
      return `name a profile of account ${account}: --profile ${area}=<profile>, or ${variable}`;
    case "bucket-missing":
      return `deploy the area's stack to account ${account} in ${region}, or set infra.bucket in the account mapping`;
    case "no-permission":
      return `ask for a role in account ${account} that may do so: a reader needs s3:GetObject and s3:ListBucket on the state bucket`;
    case "aws-unreachable":
      return "check the network, a proxy and AWS_ENDPOINT_URL, then try again";
    case "area-unreadable":
      return "a newer Windlass may have written it; the bucket also keeps earlier versions";
  }
}
