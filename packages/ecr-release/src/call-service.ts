import { ReleaseError, type ReleaseErrorCode } from "./release-error.ts";

export interface CallTarget {
  /** As IAM calls it, such as `ecr:PutImage`. */
  readonly action: string;
  /** What the call is about, such as `111111111111/dga-web:staging`. */
  readonly object: string;
}

/** Makes one call of AWS. Every failure of the call is a `ReleaseError`; `where` names action and object. */
export async function callService<T>(target: CallTarget, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toReleaseError(error, target);
  }
}

/** The parts of the SDK's errors that can be relied on; network errors have no `$metadata`. */
interface SdkError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

interface Meaning {
  readonly code: ReleaseErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly retryable?: boolean;
}

function toReleaseError(error: unknown, target: CallTarget): ReleaseError {
  const sdk: SdkError = typeof error === "object" && error !== null ? error : {};
  const name = typeof sdk.name === "string" ? sdk.name : "";
  const meaning =
    name === "AccessDeniedException" || name === "AccessDenied"
      ? denied(target)
      : (meanings[name] ?? meaningByStatus(sdk.$metadata?.httpStatusCode));
  const where = `${target.action} of ${target.object}`;
  return new ReleaseError({ ...meaning, where, found: describeFound(sdk, name), cause: error });
}

function denied({ action, object }: CallTarget): Meaning {
  return {
    code: "access-denied",
    message: "the call was not allowed",
    hint: `allow ${action} on ${object} in the policy of the role that releases, and let no repository policy deny it`,
  };
}

const again = "run the same command again: what is done already is not done twice";

const throttled: Meaning = { code: "throttled", message: "too many requests", hint: again, retryable: true };

const refusedCredentials: Meaning = {
  code: "credentials-refused",
  message: "AWS refused the credentials",
  hint: "renew them, and check that the machine's clock is right",
};

const missingCredentials: Meaning = {
  code: "credentials-missing",
  message: "there are no AWS credentials",
  hint: "give the build an instance profile or an OIDC role of the pipeline account, or set AWS_PROFILE",
};

const aborted: Meaning = {
  code: "aborted",
  message: "the release took too long and was ended",
  hint: again,
  retryable: true,
};

/** By the SDK's names. Those of throttling and of credentials are common to all of AWS. */
const meanings: Readonly<Record<string, Meaning>> = {
  RepositoryNotFoundException: {
    code: "repository-missing",
    message: "the registry has no such repository",
    hint: "deploy the pipeline stack of this mapping, or correct source.repository or the registry's region in it",
  },
  ImageNotFoundException: {
    code: "digest-missing",
    message: "the repository has no such image",
    hint: "push it to this very repository, and restore it if it is archived: what another repository holds does not count",
  },
  ThrottlingException: throttled,
  ThrottleException: throttled,
  Throttling: throttled,
  TooManyRequestsException: throttled,
  RequestLimitExceeded: throttled,
  LimitExceededException: throttled,
  ExpiredTokenException: refusedCredentials,
  ExpiredToken: refusedCredentials,
  InvalidClientTokenId: refusedCredentials,
  InvalidSignatureException: refusedCredentials,
  SignatureDoesNotMatch: refusedCredentials,
  UnrecognizedClientException: refusedCredentials,
  RequestExpired: refusedCredentials,
  CredentialsProviderError: missingCredentials,
  TokenProviderError: missingCredentials,
  AbortError: aborted,
  TimeoutError: aborted,
};

function meaningByStatus(status: number | undefined): Meaning {
  if (status === undefined) {
    const hint = "check the network path to ECR and STS: route, endpoint, proxy, DNS";
    return { code: "registry-unreachable", message: "there was no answer", hint, retryable: true };
  }
  if (status === 429) return throttled;
  // 200 with a body that can not be read counts as a failure of the service, too.
  if (status >= 500 || status < 400) {
    return { code: "registry-unavailable", message: "the service failed", hint: again, retryable: true };
  }
  return { code: "request-refused", message: "the service refused the request", hint: "the text says what is wrong" };
}

function describeFound(sdk: SdkError, name: string): string {
  const message = typeof sdk.message === "string" ? sdk.message : "";
  const code = typeof sdk.code === "string" && sdk.code !== name ? ` ${sdk.code}` : "";
  return `${name}${code}${message === "" ? "" : `: ${message}`}`;
}
