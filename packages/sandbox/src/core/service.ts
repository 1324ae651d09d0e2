import type { SandboxClock } from "./clock.ts";
import type { World } from "./world.ts";

/** Who makes a call, as its access key says. */
export interface Caller {
  readonly account: string;
  /** The assumed role's name; null for the account's own user. */
  readonly role: string | null;
  readonly session: string | null;
  /** `arn:aws:iam::<account>:user/sandbox` or `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
  readonly arn: string;
}

/** What an action knows beside its input. */
export interface ActionContext {
  readonly caller: Caller;
  readonly region: string;
  readonly clock: SandboxClock;
  /** The state of all accounts and regions. */
  readonly world: World;
  readonly requestId: string;
  /** Where this sandbox is reached, without a slash at the end: `http://127.0.0.1:4650`, or `http://sandbox.invalid`. */
  readonly baseUrl: string;
}

/** Performs one action. What it returns is encoded as the service's protocol wants it; undefined is an empty answer. */
export type ActionHandler = (input: Readonly<Record<string, unknown>>, context: ActionContext) => unknown;

/**
 * One AWS service of the RPC kind.
 *
 * Input: JSON as it came; for `query`, nested objects with `X.member.1` as arrays; for `ec2-query`, `X.1` as arrays;
 * in both of them every value stays a string, and maps stay `X.entry.1.{key,value}` arrays of objects.
 * Output: JSON as it is (dates must be numbers, epoch seconds); XML with the object's own keys, arrays as `<member>`
 * (`query`) or `<item>` (`ec2-query`), Dates in ISO 8601, undefined and null left out.
 */
export interface Service {
  /** The name in a signature's credential scope, and in faults and call counts: `ecr`, `autoscaling`, `ec2`, `sts`. */
  readonly name: string;
  readonly protocol: "json-1.1" | "query" | "ec2-query";
  readonly xmlNamespace?: string;
  /** The API version that form-encoded calls carry. */
  readonly version?: string;
  readonly actions: Readonly<Record<string, ActionHandler>>;
  /** How this service says "too many requests"; by default what its protocol's services usually say. */
  readonly throttling?: ThrottlingError;
  /** Plain HTTP paths beside the API, such as layer downloads. */
  readonly routes?: readonly HttpRoute[];
}

export interface ThrottlingError {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

/** Paths below `prefix`, answered without credentials: what such a URL names must itself be unguessable or public. */
export interface HttpRoute {
  /** Begins with `/_`, which no bucket can be called: `/_ecr/layers/`. */
  readonly prefix: string;
  handle(request: PlainRequest, context: RouteContext): PlainResponse | Promise<PlainResponse>;
}

export type RouteContext = Pick<ActionContext, "clock" | "world" | "requestId" | "baseUrl">;

/** An HTTP request with its body read: whichever way it came in, it looks like this. */
export interface PlainRequest {
  readonly method: string;
  /** Still percent-encoded, without the query. */
  readonly path: string;
  /** Decoded. */
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface PlainResponse {
  readonly status: number;
  /** Names in lower case. `content-length` and `date` are added by whoever sends it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** An error as AWS answers it; the core encodes it as the protocol wants it. */
export class AwsFault extends Error {
  override readonly name = "AwsFault";
  readonly code: string;
  readonly status: number;
  /** True where the caller is to blame: `Sender` in query XML. */
  readonly senderFault: boolean;
  /** Further members of the error's shape. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: AwsFaultOptions = {}) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.senderFault = options.senderFault ?? this.status < 500;
    this.extra = options.extra ?? {};
  }
}

export interface AwsFaultOptions {
  /** 400 when not given. */
  readonly status?: number;
  /** By default true below 500. */
  readonly senderFault?: boolean;
  readonly extra?: Readonly<Record<string, unknown>>;
}
