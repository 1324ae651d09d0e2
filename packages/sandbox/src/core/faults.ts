import { SandboxError } from "./sandbox-error.ts";
import { AwsFault, type ThrottlingError } from "./service.ts";

/** A call, as a fault's predicate sees it. */
export interface FaultSubject {
  readonly service: string;
  readonly action: string;
  readonly account: string;
  readonly role: string | null;
  readonly session: string | null;
  readonly region: string;
  /** JSON or form members; for S3 `Bucket`, `Key` and the query. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** What goes wrong, with which calls. Every condition that is given must hold. */
export interface Fault {
  /**
   * - `throttle`: the service's own error for too many requests; nothing happens.
   * - `error-before`: an error, and nothing happened.
   * - `error-after`: the effect is done, and its answer is lost or an error.
   * - `latency`: the call takes effect `ms` later. Under a virtual clock somebody must advance it meanwhile.
   */
  readonly kind: "throttle" | "error-before" | "error-after" | "latency";
  readonly service?: string;
  readonly action?: string;
  readonly account?: string;
  readonly match?: (subject: FaultSubject) => boolean;
  /** How often it strikes before it is gone; for ever when not given. */
  readonly times?: number;
  /** The share of matching calls that it strikes, above 0 and at most 1; drawn from the sandbox's seed. 1 when not given. */
  readonly chance?: number;
  /**
   * The error's code; `primary` makes a throttled call to GitHub one over its hourly limit. `ECONNRESET` is a connection that breaks without an answer.
   * By default `InternalError` for `error-before`, `ECONNRESET` for `error-after`.
   */
  readonly code?: string;
  /** The error's HTTP status, 500 when not given. */
  readonly status?: number;
  /** Milliseconds of latency. */
  readonly ms?: number;
  /** Of a throttled call to GitHub: seconds of its `retry-after`; 60 when not given, null: GitHub does not say. */
  readonly retryAfter?: number | null;
}

export interface FaultInjector {
  /** Adds a fault; the returned function takes it away. @throws SandboxError `bad-fault` */
  add(fault: Fault): () => void;
  /** How many calls each kind has struck. */
  fired(): Readonly<Record<Fault["kind"], number>>;
  clear(): void;
}

/** What the dispatcher does to one call. */
export interface FaultVerdict {
  readonly delayMs: number;
  readonly before: Failure | null;
  readonly after: Failure | null;
}

export type Failure = { readonly kind: "lost" } | { readonly kind: "error"; readonly fault: AwsFault };

/** What the dispatcher asks. */
export interface FaultJudge extends FaultInjector {
  judge(subject: FaultSubject, throttling: ThrottlingError): FaultVerdict;
}

export function createFaults(random: () => number): FaultJudge {
  const active = new Set<ActiveFault>();
  const counts = { throttle: 0, "error-before": 0, "error-after": 0, latency: 0 };

  function strikes(candidate: ActiveFault, subject: FaultSubject): boolean {
    const { chance } = candidate.fault;
    if (!matches(candidate.fault, subject) || (chance !== undefined && random() >= chance)) return false;
    candidate.left -= 1;
    if (candidate.left <= 0) active.delete(candidate);
    counts[candidate.fault.kind] += 1;
    return true;
  }

  function judge(subject: FaultSubject, throttling: ThrottlingError): FaultVerdict {
    let delayMs = 0;
    let before: Failure | null = null;
    let after: Failure | null = null;
    for (const candidate of [...active]) {
      const { kind } = candidate.fault;
      // One error is enough: the next one keeps its turns for the next call.
      if (kind !== "latency" && (before !== null || after !== null)) continue;
      if (!strikes(candidate, subject)) continue;
      if (kind === "latency") delayMs += candidate.fault.ms ?? 0;
      else if (kind === "error-after") after = failureOf(candidate.fault);
      else before = kind === "throttle" ? throttled(candidate.fault, throttling) : failureOf(candidate.fault);
    }
    return { delayMs, before, after };
  }

  return {
    add(fault) {
      checkFault(fault);
      const added = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
      active.add(added);
      return () => void active.delete(added);
    },
    fired: () => ({ ...counts }),
    clear: () => active.clear(),
    judge,
  };
}

interface ActiveFault {
  readonly fault: Fault;
  left: number;
}

function matches(fault: Fault, subject: FaultSubject): boolean {
  if (fault.service !== undefined && fault.service !== subject.service) return false;
  if (fault.action !== undefined && fault.action !== subject.action) return false;
  if (fault.account !== undefined && fault.account !== subject.account) return false;
  return fault.match === undefined || fault.match(subject);
}

function throttled({ code, retryAfter }: Fault, throttling: ThrottlingError): Failure {
  const { message, status } = throttling;
  const extra = retryAfter === undefined ? {} : { retryAfter };
  return { kind: "error", fault: new AwsFault(code ?? throttling.code, message, { status, extra }) };
}

function failureOf({ kind, code, status }: Fault): Failure {
  const named = code ?? (kind === "error-after" && status === undefined ? "ECONNRESET" : "InternalError");
  if (named === "ECONNRESET") return { kind: "lost" };
  return { kind: "error", fault: new AwsFault(named, "An injected fault.", { status: status ?? 500 }) };
}

function checkFault(fault: Fault): void {
  const problem = findProblem(fault);
  if (problem !== undefined) throw new SandboxError({ code: "bad-fault", message: "no such fault", found: problem });
}

function findProblem({ kind, ms, times, chance }: Fault): string | undefined {
  if (kind === "latency" && !(ms !== undefined && ms >= 0)) return `latency of ${ms} ms`;
  if (times !== undefined && !(Number.isInteger(times) && times > 0)) return `${times} times`;
  if (chance !== undefined && !(chance > 0 && chance <= 1)) return `a chance of ${chance}`;
  return undefined;
}
