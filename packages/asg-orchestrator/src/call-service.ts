import { OrchestratorError, type OrchestratorErrorCode } from "./orchestrator-error.ts";
import { readRefusal } from "./service-text.ts";

export interface CallOptions {
  readonly abortSignal?: AbortSignal;
}

/**
 * Makes one call of AWS. Every failure of the call is an `OrchestratorError`; `where` names action and object.
 * An ended signal ends the call at once: the SDK itself sleeps through it between two retries.
 */
export async function callService<T>(
  where: string,
  signal: AbortSignal | undefined,
  call: (options: CallOptions) => Promise<T>,
): Promise<T> {
  if (signal?.aborted) throw abortedError(where, signal);
  try {
    if (signal === undefined) return await call({});
    return await untilAborted(call({ abortSignal: signal }), where, signal);
  } catch (error) {
    throw toOrchestratorError(error, where);
  }
}

function untilAborted<T>(work: Promise<T>, where: string, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortedError(where, signal));
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function abortedError(where: string, signal: AbortSignal): OrchestratorError {
  const message = "the call was ended before the service answered";
  return new OrchestratorError({ code: "aborted", message, where, cause: signal.reason, retryable: true });
}

/** The parts of the SDK's errors that can be relied on; network errors have no `$metadata`. */
interface SdkError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

interface Meaning {
  readonly code: OrchestratorErrorCode;
  readonly message: string;
  readonly retryable?: boolean;
  readonly hint?: string;
}

function toOrchestratorError(error: unknown, where: string): OrchestratorError {
  if (error instanceof OrchestratorError) return error;
  const sdk: SdkError = typeof error === "object" && error !== null ? error : {};
  const name = typeof sdk.name === "string" ? sdk.name : "";
  const text = typeof sdk.message === "string" ? sdk.message : "";
  const meaning = meaningOf(name, text) ?? meaningByStatus(sdk.$metadata?.httpStatusCode);
  return new OrchestratorError({ ...meaning, where, found: text === "" ? name : `${name}: ${text}`, cause: error });
}

/** The SDK calls a modelled error by its shape (`...Fault`) and any other by its code. */
function meaningOf(name: string, text: string): Meaning | null {
  const code = name.replace(/(?:Fault|Exception)$/, "");
  if (code === "ValidationError") return refused[readRefusal(text)] ?? refusedOtherwise;
  return meanings[code] ?? null;
}

const refusedOtherwise: Meaning = { code: "request-refused", message: "the service refused the request" };

/** What each reading of a `ValidationError` means. */
const refused: Partial<Record<OrchestratorErrorCode, Meaning>> = {
  "group-missing": {
    code: "group-missing",
    message: "there is no such Auto Scaling group",
    hint: "check the group's name, the account and the Region",
  },
  "above-max": {
    code: "above-max",
    message: "the group's maximum does not allow the capacity",
    hint: "the deploy group needs MaxSize 1",
  },
  "below-min": {
    code: "below-min",
    message: "the group's minimum does not allow the capacity",
    hint: "the deploy group needs MinSize 0",
  },
  "at-min": { code: "at-min", message: "desired capacity is at its minimum" },
  "instance-gone": { code: "instance-gone", message: "no group manages this instance any more" },
  "instance-not-in-service": {
    code: "instance-not-in-service",
    message: "the instance is not in service",
    retryable: true,
  },
};

const denied: Meaning = {
  code: "access-denied",
  message: "the call was not allowed",
  hint: "the error names the action and the resource: allow it in the caller's identity policy",
};
const throttled: Meaning = { code: "throttled", message: "the service throttles the requests", retryable: true };
const contention: Meaning = {
  code: "contention",
  message: "another change of the group is under way",
  retryable: true,
};
const credentials: Meaning = {
  code: "credentials-refused",
  message: "the caller's credentials were refused",
  retryable: true,
  hint: "check that the role still exists and that the clock is right",
};

/** By error code, without the shape's ending (API models; errors that all services have in common). */
const meanings: Readonly<Record<string, Meaning>> = {
  ScalingActivityInProgress: contention,
  ResourceContention: contention,
  ResourceInUse: contention,
  InstanceRefreshInProgress: { code: "refresh-in-progress", message: "the group has a refresh in progress" },
  ActiveInstanceRefreshNotFound: { code: "no-active-refresh", message: "the group has no refresh in progress" },
  LimitExceeded: { code: "limit-exceeded", message: "a limit of EC2 Auto Scaling is reached" },
  AccessDenied: denied,
  UnauthorizedOperation: denied,
  Throttling: throttled,
  RequestLimitExceeded: throttled,
  TooManyRequests: throttled,
  ExpiredToken: credentials,
  InvalidClientTokenId: credentials,
  SignatureDoesNotMatch: credentials,
  RequestExpired: credentials,
  AuthFailure: credentials,
  CredentialsProviderError: credentials,
};

function meaningByStatus(status: number | undefined): Meaning {
  if (status === undefined) {
    const hint = "check the network path: route, endpoint, DNS";
    return { code: "service-unreachable", message: "the service did not answer", retryable: true, hint };
  }
  if (status === 429) return throttled;
  if (status >= 500) return { code: "service-unavailable", message: "the service failed", retryable: true };
  // A good status with a body that can not be read counts as a failure of the service, too.
  if (status < 400) return { code: "service-unavailable", message: "the answer could not be read", retryable: true };
  return refusedOtherwise;
}
