import type { Reason } from "./reason.ts";

/** One line for people, e.g. `waiting: window opens 2026-11-24T09:00+11:00`. */
export function describeReason(reason: Reason): string {
  switch (reason.kind) {
    case "live":
      return "live";
    case "no-head":
      return "no image carries this area's tag";
    case "ready":
      return "waiting: starts with the next tick";
    case "unreadable":
      return `waiting: ${reason.what} could not be read`;
    case "deploying":
      return `deploying: ${reason.phase}${reason.progress === null ? "" : ` ${reason.progress}`} (${reason.deployment})`;
    case "paused":
      return `waiting: the area is paused by ${reason.request.by} because ${reason.request.reason}`;
    case "waiting-window":
      return describeWindow(reason.opensAt, reason.freeze);
    case "waiting-dependency":
      return `waiting: ${reason.on} first${reason.because === null ? "" : ` (${reason.because})`}`;
    case "waiting-turn":
      return `waiting: behind ${reason.behind}`;
    case "waiting-group":
      return `waiting: ${reason.because}`;
    case "waiting-retry":
      return `waiting: attempt ${reason.attempt} of ${reason.of} at ${reason.notBefore}, after ${reason.outcome}`;
    case "held":
      return `held${reason.digest === null ? "" : ` at ${reason.digest}`} by ${reason.request.by} because ${reason.request.reason}`;
    case "quarantined":
      return `quarantined: ${reason.outcome} ${reason.attempts} of ${reason.of}`;
    case "blocked":
      return `blocked: ${reason.outcome} (${reason.deployment}); a person must unblock it`;
  }
}

function describeWindow(opensAt: string | null, freeze: string | null): string {
  const frozen = freeze === null ? "" : ` (freeze: ${freeze})`;
  return `waiting: window opens ${opensAt ?? "not within a year"}${frozen}`;
}
