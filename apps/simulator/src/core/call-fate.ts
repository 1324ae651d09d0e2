import type { Fault } from "@windlass/sandbox";
import type { CallTarget } from "./call-target.ts";
import type { Chaos } from "./chaos.ts";
import type { FaultName } from "./faults.ts";
import type { SimProcess } from "./process.ts";
import type { Random } from "./random.ts";

/** What becomes of one call. */
export interface Fate {
  readonly sendMs: number;
  readonly replyMs: number;
  /** Why it takes longer than others; null where it does not. */
  readonly delay: "request-late" | "call-slow" | null;
  readonly end: "reply" | "lost-before" | "lost-after" | "dies-before" | "dies-after";
  /** Strikes in the sandbox, at this call alone. */
  readonly fault: Fault | null;
  readonly conflict: boolean;
  /** What lets it end, or be answered, otherwise than it should; null: nothing does. */
  readonly cause: FaultName | null;
}

/** All that a call's fate depends on. */
export interface FateParts {
  readonly random: Random;
  readonly chaos: Chaos;
  readonly now: number;
}

const CLEAN = { delay: null, fault: null, conflict: false, end: "reply", cause: null } as const;

export function drawFate(parts: FateParts, process: SimProcess, target: CallTarget): Fate {
  const { random, chaos, now } = parts;
  const times = drawTimes(parts, target.service);
  // Whoever stands still sends nothing, and hears nothing.
  const pause = target.service === "github" ? 0 : Math.max(0, process.pausedUntil - now);
  const sent = { ...CLEAN, ...times, sendMs: times.sendMs + pause };
  if (process.cutOffUntil > now) {
    return { ...sent, replyMs: random.between(50, 10_000), end: "lost-before", cause: "runner-cut-off" };
  }
  if (process.kind === "lambda") {
    if (chaos.draws("lambda-dies-before")) return { ...sent, end: "dies-before", cause: "lambda-dies-before" };
    if (chaos.draws("lambda-dies-after")) return { ...sent, end: "dies-after", cause: "lambda-dies-after" };
  } else if (chaos.draws("runner-dies-at-call")) {
    return { ...sent, end: random.chance(0.5) ? "dies-before" : "dies-after", cause: "runner-dies-at-call" };
  }
  if (target.service === "github") return { ...sent, ...githubFate(parts) };
  if (chaos.draws("reply-lost")) return { ...sent, end: "lost-after", cause: "reply-lost" };
  if (target.conditional && chaos.draws("s3-conflict")) return { ...sent, conflict: true, cause: "s3-conflict" };
  return { ...sent, ...faultFate(parts, target) };
}

function drawTimes({ random, chaos }: FateParts, service: string): Pick<Fate, "sendMs" | "replyMs" | "delay"> {
  const sendMs = random.between(2, 60);
  const replyMs = random.between(2, 60);
  // GitHub itself gives a request up after ten seconds, so none takes effect later.
  if (service !== "github" && chaos.draws("request-late")) {
    return { sendMs: random.between(10_000, 300_000), replyMs, delay: "request-late" };
  }
  if (!chaos.draws("call-slow")) return { sendMs, replyMs, delay: null };
  return random.chance(0.5)
    ? { sendMs: random.between(500, service === "github" ? 9_500 : 30_000), replyMs, delay: "call-slow" }
    : { sendMs, replyMs: random.between(500, 30_000), delay: "call-slow" };
}

type Answered = Partial<Pick<Fate, "fault" | "end" | "cause">>;

function faultFate({ random, chaos }: FateParts, target: CallTarget): Answered {
  const throttled: Fault = { kind: "throttle" };
  if (target.service === "ecr" && chaos.draws("registry-throttled")) {
    return { fault: throttled, cause: "registry-throttled" };
  }
  if (chaos.draws("call-throttled")) return { fault: throttled, cause: "call-throttled" };
  if (!chaos.draws("call-fails")) return {};
  const fault = random.pick<Fault>([
    { kind: "error-before", code: "ECONNRESET" },
    { kind: "error-before" },
    { kind: "error-before", code: "ServiceUnavailable", status: 503 },
  ]);
  return { fault, cause: "call-fails" };
}

function githubFate({ random, chaos }: FateParts): Answered {
  if (chaos.draws("github-fails")) {
    const how = random.pick<Answered>([
      { end: "lost-after" },
      { end: "lost-before" },
      { fault: { kind: "error-before", status: 502 } },
      { fault: { kind: "error-after", status: 500, code: "InternalError" } },
    ]);
    return { ...how, cause: "github-fails" };
  }
  if (!chaos.draws("github-limits")) return {};
  const fault = random.pick<Fault>([
    { kind: "throttle", retryAfter: random.int(1, 120) },
    { kind: "throttle", retryAfter: null },
    { kind: "throttle", code: "primary" },
  ]);
  return { fault, cause: "github-limits" };
}
