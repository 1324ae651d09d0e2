import type { ActionContext, AwsFault, HttpRoute, PlainRequest, PlainResponse, ThrottlingError } from "./service.ts";

/** A service as the dispatcher sees it: something that understands requests and writes its own errors. */
export interface WireService {
  readonly name: string;
  readonly throttling: ThrottlingError;
  readonly authErrors: AuthErrors;
  readonly routes: readonly HttpRoute[];
  /** Whether a request looks like one in this service's protocol, from whomever and for whatever service it is. */
  speaks(request: PlainRequest): boolean;
  /** Understands the request; the effect waits for `perform`. Throws AwsFault. */
  open(request: PlainRequest, context: ActionContext): Operation;
  encodeFault(fault: AwsFault, request: PlainRequest, requestId: string): PlainResponse;
}

/** A call that has arrived and has had no effect yet. */
export interface Operation {
  readonly action: string;
  /** For fault predicates and the call log. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Throws AwsFault. */
  perform(): PlainResponse | Promise<PlainResponse>;
}

/** How a service refuses credentials. */
export interface AuthErrors {
  readonly missing: AuthError;
  readonly malformed: AuthError;
  readonly unknownKey: AuthError;
  readonly expired: AuthError;
  readonly expiredUrl: AuthError;
}

export interface AuthError {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}
