import type { ECRClient } from "@aws-sdk/client-ecr";
import { EcrTagDiffError, type EcrTagDiffErrorCode } from "./ecr-tag-diff-error.ts";
import type { Pacer } from "./pacer.ts";

/** What all calls of one read share. */
export interface RegistrySession {
  readonly client: ECRClient;
  /** The account that owns the registry. Left out of a call, it would mean the caller's own registry. */
  readonly registryId: string;
  readonly pace: Pacer;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal | undefined;
}

export interface CallOptions {
  readonly abortSignal?: AbortSignal;
}

export interface CallTarget {
  readonly action: string;
  readonly repository: string;
}

/** Makes one call of the registry when its turn comes. Every failure of the call is an `EcrTagDiffError`. */
export function callRegistry<T>(
  session: RegistrySession,
  target: CallTarget,
  call: (options: CallOptions) => Promise<T>,
): Promise<T> {
  const options = session.signal === undefined ? {} : { abortSignal: session.signal };
  return session.pace(async () => {
    try {
      return await call(options);
    } catch (error) {
      throw toRegistryError(error, target, session.registryId);
    }
  });
}

/** The parts of the SDK's errors that can be relied on; network errors have no `$metadata`. */
interface SdkError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

interface Cause {
  readonly code: EcrTagDiffErrorCode;
  readonly retryable: boolean;
  readonly message: string;
  readonly hint?: string;
}

function toRegistryError(error: unknown, target: CallTarget, registryId: string): EcrTagDiffError {
  if (error instanceof EcrTagDiffError) return error;
  const sdk: SdkError = typeof error === "object" && error !== null ? error : {};
  const name = typeof sdk.name === "string" ? sdk.name : "";
  const cause = causeByName(name, target, registryId) ?? causeByStatus(sdk.$metadata?.httpStatusCode, name);
  return new EcrTagDiffError({
    ...cause,
    where: `${target.action} of ${registryId}/${target.repository}`,
    found: found(sdk, name),
    cause: error,
  });
}

function causeByName(name: string, target: CallTarget, registryId: string): Cause | null {
  if (name === "RepositoryNotFoundException") {
    return { code: "repository-missing", retryable: true, message: "the registry has no such repository" };
  }
  if (name === "ImageNotFoundException") {
    return { code: "image-missing", retryable: true, message: "the repository has no such image" };
  }
  if (name === "AccessDeniedException") {
    const hint =
      `allow ecr:${target.action} on ${target.repository} both in the repository's policy in account ${registryId} ` +
      "and in the identity policy of the role that reads it";
    return { code: "access-denied", retryable: false, message: "the read was not allowed", hint };
  }
  if (throttlingNames.has(name)) return throttled;
  if (credentialNames.has(name)) {
    const hint = "check that the role still exists and that the clock is right";
    return { code: "credentials-refused", retryable: true, message: "the caller's credentials were refused", hint };
  }
  return null;
}

/** AWS documents `ThrottlingException` for ECR, its own pages also say `ThrottleException`; status 429 either way. */
const throttlingNames: ReadonlySet<string> = new Set([
  "ThrottlingException",
  "ThrottleException",
  "TooManyRequestsException",
  "RequestLimitExceeded",
]);

/** From the errors that all AWS services have in common. */
const credentialNames: ReadonlySet<string> = new Set([
  "ExpiredTokenException",
  "ExpiredToken",
  "InvalidSignatureException",
  "UnrecognizedClientException",
  "RequestExpired",
  "CredentialsProviderError",
]);

const throttled: Cause = { code: "throttled", retryable: true, message: "the registry throttles the requests" };

function causeByStatus(status: number | undefined, name: string): Cause {
  if (status === undefined) {
    const hint = "check the network path to ECR, and to S3 for its layers: route, endpoint, DNS";
    return { code: "registry-unreachable", retryable: true, message: "the registry did not answer", hint };
  }
  if (status === 429) return throttled;
  if (status >= 500 || name === "ServerException") {
    return { code: "registry-unavailable", retryable: true, message: "the registry failed" };
  }
  // 200 with a body that can not be read counts as a failure of the service, too.
  if (status < 400) return { code: "registry-unavailable", retryable: true, message: "the answer could not be read" };
  return { code: "request-refused", retryable: false, message: "the registry refused the request" };
}

function found(sdk: SdkError, name: string): string {
  const message = typeof sdk.message === "string" ? sdk.message : "";
  const code = typeof sdk.code === "string" && sdk.code !== name ? ` ${sdk.code}` : "";
  return `${name}${code}${message === "" ? "" : `: ${message}`}`;
}
