import type { Fault, Sandbox } from "@windlass/sandbox";
import type { Chaos } from "./chaos.ts";
import type { SimProcess } from "./process.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

/** What becomes of one call. */
interface Fate {
  readonly sendMs: number;
  readonly replyMs: number;
  readonly end: "reply" | "lost-before" | "lost-after" | "dies-before" | "dies-after";
  /** Strikes in the sandbox, at this call alone. */
  readonly fault: Fault | null;
  readonly conflict: boolean;
}

export interface TransportParts {
  readonly sandbox: Sandbox;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly chaos: Chaos;
  readonly account: string;
  readonly tell: (what: string) => void;
  /** After each call that reached the sandbox, done or refused, whether its sender hears of it or not. */
  readonly afterCall: (process: SimProcess, sentAt: number) => void;
  /** Before a call of a process is sent. */
  readonly beforeCall: (process: SimProcess, target: CallTarget) => void;
}

export interface CallTarget {
  /** As in `ecr.ap-southeast-2.amazonaws.com`: the first word. */
  readonly service: string;
  /** Whether it is a conditional write. */
  readonly conditional: boolean;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

type Handler = Sandbox["requestHandler"];

/** Makes every call of a process an entry of the queue: sent, done, answered, or any part of that. */
export interface Transport {
  handlerFor(process: SimProcess): Handler;
  fetchFor(process: SimProcess): typeof fetch;
}

export function createTransport(parts: TransportParts): Transport {
  return {
    handlerFor: (process) => ({
      metadata: { handlerProtocol: "http/1.1" },
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
      handle(request, options) {
        const { headers, hostname, body, method, path } = request;
        const target: CallTarget = {
          service: serviceOf(hostname),
          conditional: headers["if-none-match"] !== undefined || headers["if-match"] !== undefined,
          method,
          path,
          body: typeof body === "string" ? body : "",
        };
        const run = () => parts.sandbox.requestHandler.handle(request, {});
        return perform(parts, process, { target, run, signal: options?.abortSignal as AbortSignal | undefined });
      },
    }),
    fetchFor: (process) => (input, init) => {
      const target: CallTarget = {
        service: String(input).includes("api.github.com") ? "github" : "blob",
        conditional: false,
        method: init?.method ?? "GET",
        path: String(input),
        body: typeof init?.body === "string" ? init.body : "",
      };
      const run = () => parts.sandbox.fetch(input, { ...init, signal: null });
      return perform(parts, process, { target, run, signal: init?.signal ?? undefined });
    },
  };
}

/** The service that a host name of AWS is of, as request signatures name it. */
export function serviceOf(hostname: string): string {
  const labels = hostname.split(".");
  if (labels.includes("s3")) return "s3";
  if (hostname.startsWith("api.ecr.")) return "ecr";
  return labels[0] ?? "unknown";
}

interface Call<T> {
  readonly target: CallTarget;
  readonly run: () => Promise<T>;
  readonly signal: AbortSignal | undefined;
}

const never = <T>(): Promise<T> => new Promise(() => {});

function perform<T>(parts: TransportParts, process: SimProcess, { target, run, signal }: Call<T>): Promise<T> {
  const { scheduler } = parts;
  if (process.dead()) return never();
  parts.beforeCall(process, target);
  const fate = drawFate(parts, process, target);
  const sentAt = scheduler.now();
  return new Promise((resolve, reject) => {
    let open = true;
    function close(end: () => void): void {
      if (!open || process.dead()) return;
      open = false;
      signal?.removeEventListener("abort", abort);
      end();
    }
    function abort(): void {
      close(() => reject(Object.assign(new Error("Request aborted"), { name: "AbortError" })));
    }
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort, { once: true });
    // Whatever comes of the request, its sender has stopped waiting and may have sent another.
    if (target.service !== "github" && fate.sendMs + fate.replyMs > process.patienceMs) {
      scheduler.schedule(process.patienceMs, () => close(() => reject(timedOut())));
    }
    const reply = (end: () => void) => scheduler.schedule(fate.replyMs, () => close(end));
    scheduler.schedule(fate.sendMs, async () => {
      if (fate.end === "dies-before") return process.kill(`before a call to ${target.service}`);
      if (fate.end === "lost-before") return void reply(() => reject(connectionReset()));
      const outcome = await strike(parts, fate, target, run);
      parts.afterCall(process, sentAt);
      if (fate.end === "dies-after") return process.kill(`after a call to ${target.service}`);
      if (fate.end === "lost-after") return void reply(() => reject(connectionReset()));
      reply(() => (outcome.kind === "done" ? resolve(outcome.value) : reject(outcome.error)));
    });
  });
}

type Outcome<T> = { readonly kind: "done"; readonly value: T } | { readonly kind: "failed"; readonly error: unknown };

async function strike<T>(
  { sandbox, account }: TransportParts,
  fate: Fate,
  target: CallTarget,
  run: () => Promise<T>,
): Promise<Outcome<T>> {
  if (fate.conflict) sandbox.account(account).s3.conflictNext(1);
  const undo = fate.fault === null ? () => {} : sandbox.faults.add({ ...fate.fault, service: sandboxName(target) });
  try {
    return { kind: "done", value: await run() };
  } catch (error) {
    return { kind: "failed", error };
  } finally {
    undo();
    if (fate.conflict) sandbox.account(account).s3.conflictNext(0);
  }
}

function sandboxName({ service }: CallTarget): string {
  return service === "blob" ? "ecr" : service;
}

function connectionReset(): Error {
  return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}

/** As the SDK's own handler says it. */
function timedOut(): Error {
  return Object.assign(new Error("the request was not answered in time"), { name: "TimeoutError" });
}

const CLEAN = { fault: null, conflict: false, end: "reply" } as const;

function drawFate(parts: TransportParts, process: SimProcess, target: CallTarget): Fate {
  const { random, scheduler, chaos } = parts;
  const now = scheduler.now();
  const times = drawTimes(parts, target.service);
  // Whoever stands still sends nothing, and hears nothing.
  const pause = target.service === "github" ? 0 : Math.max(0, process.pausedUntil - now);
  const sent = { ...times, sendMs: times.sendMs + pause };
  if (process.cutOffUntil > now) {
    return { ...CLEAN, ...sent, replyMs: random.between(50, 10_000), end: "lost-before" };
  }
  if (process.kind === "lambda" && chaos.strikes("lambda-dies-before"))
    return { ...CLEAN, ...sent, end: "dies-before" };
  if (process.kind === "lambda" && chaos.strikes("lambda-dies-after")) return { ...CLEAN, ...sent, end: "dies-after" };
  if (process.kind === "runner" && chaos.strikes("runner-dies-at-call")) {
    return { ...CLEAN, ...sent, end: random.chance(0.5) ? "dies-before" : "dies-after" };
  }
  if (target.service === "github") return { ...CLEAN, ...sent, ...githubFate(parts) };
  if (chaos.strikes("reply-lost")) return { ...CLEAN, ...sent, end: "lost-after" };
  if (target.conditional && chaos.strikes("s3-conflict")) return { ...CLEAN, ...sent, conflict: true };
  return { ...CLEAN, ...sent, fault: drawFault(parts, target) };
}

function drawTimes(
  { random, chaos }: TransportParts,
  service: string,
): { readonly sendMs: number; readonly replyMs: number } {
  const sendMs = random.between(2, 60);
  const replyMs = random.between(2, 60);
  // GitHub itself gives a request up after ten seconds, so none takes effect later.
  if (service !== "github" && chaos.strikes("request-late"))
    return { sendMs: random.between(10_000, 300_000), replyMs };
  if (chaos.strikes("call-slow")) {
    return random.chance(0.5)
      ? { sendMs: random.between(500, service === "github" ? 9_500 : 30_000), replyMs }
      : { sendMs, replyMs: random.between(500, 30_000) };
  }
  return { sendMs, replyMs };
}

function drawFault({ random, chaos }: TransportParts, target: CallTarget): Fault | null {
  if (target.service === "ecr" && chaos.strikes("registry-throttled")) return { kind: "throttle" };
  if (chaos.strikes("call-throttled")) return { kind: "throttle" };
  if (!chaos.strikes("call-fails")) return null;
  return random.pick<Fault>([
    { kind: "error-before", code: "ECONNRESET" },
    { kind: "error-before" },
    { kind: "error-before", code: "ServiceUnavailable", status: 503 },
  ]);
}

function githubFate({ random, chaos }: TransportParts): Partial<Fate> {
  if (chaos.strikes("github-fails")) {
    return random.pick<Partial<Fate>>([
      { end: "lost-after" },
      { end: "lost-before" },
      { fault: { kind: "error-before", status: 502 } },
      { fault: { kind: "error-after", status: 500, code: "InternalError" } },
    ]);
  }
  if (!chaos.strikes("github-limits")) return {};
  return {
    fault: random.pick<Fault>([
      { kind: "throttle", retryAfter: random.int(1, 120) },
      { kind: "throttle", retryAfter: null },
      { kind: "throttle", code: "primary" },
    ]),
  };
}
