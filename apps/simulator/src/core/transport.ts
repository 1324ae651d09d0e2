import type { Sandbox } from "@windlass/sandbox";
import { drawFate, type Fate } from "./call-fate.ts";
import { awsTarget, type CallTarget, fetchTarget } from "./call-target.ts";
import type { Chaos } from "./chaos.ts";
import type { SimProcess } from "./process.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

export interface TransportParts {
  readonly sandbox: Sandbox;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly chaos: Chaos;
  readonly account: string;
  /** One line of the story. */
  readonly tell: (what: string) => void;
  /** After each call that reached the sandbox, done or refused, whether its sender hears of it or not. */
  readonly afterCall: (process: SimProcess, sentAt: number) => void;
  /** Before a call of a process is sent. */
  readonly beforeCall: (process: SimProcess, target: CallTarget) => void;
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
        const target = awsTarget(request);
        const run = () => parts.sandbox.requestHandler.handle(request, {});
        return perform(parts, process, { target, run, signal: options?.abortSignal as AbortSignal | undefined });
      },
    }),
    fetchFor: (process) => (input, init) => {
      const target = fetchTarget(input, init);
      const run = () => parts.sandbox.fetch(input, { ...init, signal: null });
      return perform(parts, process, { target, run, signal: init?.signal ?? undefined });
    },
  };
}

interface Call<T> {
  readonly target: CallTarget;
  readonly run: () => Promise<T>;
  readonly signal: AbortSignal | undefined;
}

const never = <T>(): Promise<T> => new Promise(() => {});

function perform<T>(parts: TransportParts, process: SimProcess, { target, run, signal }: Call<T>): Promise<T> {
  const { scheduler, random, chaos } = parts;
  if (process.dead()) return never();
  if (signal?.aborted) return Promise.reject(aborted());
  parts.beforeCall(process, target);
  const fate = drawFate({ random, chaos, now: scheduler.now() }, process, target);
  const sentAt = scheduler.now();
  const struck = tellerOf(parts, process, { target, fate });
  struck.delay();
  return new Promise((resolve, reject) => {
    let open = true;
    function close(end: () => void): void {
      if (!open || process.dead()) return;
      open = false;
      signal?.removeEventListener("abort", abort);
      end();
    }
    function abort(): void {
      close(() => reject(aborted()));
    }
    signal?.addEventListener("abort", abort, { once: true });
    // Whatever comes of the request, its sender has stopped waiting and may have sent another.
    if (target.service !== "github" && fate.sendMs + fate.replyMs > process.patienceMs) {
      scheduler.schedule(process.patienceMs, () => close(() => reject(timedOut())));
    }
    const reply = (end: () => void) => scheduler.schedule(fate.replyMs, () => close(end));
    function lose(what: string): void {
      reply(() => {
        struck.cause(what);
        reject(connectionReset());
      });
    }
    function die(when: "before" | "after"): void {
      if (!process.dead()) struck.cause(`its process ends ${when} the effect of`);
      process.kill(`${when} a call to ${target.service}`);
    }
    scheduler.schedule(fate.sendMs, async () => {
      if (fate.end === "dies-before") return die("before");
      if (fate.end === "lost-before") return lose("the request is lost, nothing was done:");
      if (fate.fault !== null || fate.conflict) struck.cause(`answered with ${answerOf(fate)}:`);
      const outcome = await strike(parts, fate, target, run);
      parts.afterCall(process, sentAt);
      if (fate.end === "dies-after") return die("after");
      if (fate.end === "lost-after") return lose("done, and the reply is lost:");
      reply(() => (outcome.kind === "done" ? resolve(outcome.value) : reject(outcome.error)));
    });
  });
}

interface Fated {
  readonly target: CallTarget;
  readonly fate: Fate;
}

/** Tells and counts what strikes a call, each at the moment at which it does. */
function tellerOf({ chaos, tell }: TransportParts, { name }: SimProcess, { target, fate }: Fated) {
  return {
    delay(): void {
      const { delay, sendMs, replyMs } = fate;
      const ms = `arrives after ${Math.round(sendMs)} ms, is answered ${Math.round(replyMs)} ms later`;
      if (delay !== null) chaos.struck(delay, `${name}'s ${target.name} ${ms}`);
    },
    cause(what: string): void {
      // The cut itself was counted when it began.
      if (fate.cause === "runner-cut-off") tell(`${name} is cut off: ${target.name}`);
      else if (fate.cause !== null) chaos.struck(fate.cause, `${name}: ${what} ${target.name}`);
    },
  };
}

function answerOf({ fault, conflict }: Fate): string {
  if (conflict) return "409";
  if (fault === null) return "nothing";
  const details = Object.entries(fault).map(([key, value]) => (key === "kind" ? String(value) : `${key} ${value}`));
  return details.join(", ");
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

function aborted(): Error {
  return Object.assign(new Error("Request aborted"), { name: "AbortError" });
}

function connectionReset(): Error {
  return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}

/** As the SDK's own handler says it. */
function timedOut(): Error {
  return Object.assign(new Error("the request was not answered in time"), { name: "TimeoutError" });
}
