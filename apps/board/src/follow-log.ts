import type { RunEvent } from "./api.ts";

type LogEvent = Extract<RunEvent, { kind: "log" }>;

/** What a deployment has printed and where it stands, as far as its stream told. */
export interface FollowedRun {
  readonly segments: readonly LogEvent[];
  readonly text: string | null;
  readonly end: Extract<RunEvent, { kind: "end" }> | null;
}

export const NOTHING_FOLLOWED: FollowedRun = { segments: [], text: null, end: null };

/** A stream that was lost tells everything again: a segment that is known already is not shown twice. */
export function followLog(run: FollowedRun, event: RunEvent): FollowedRun {
  switch (event.kind) {
    case "state":
      return { ...run, text: event.text };
    case "end":
      return { ...run, end: event };
    case "log":
      return run.segments.some(({ step, number }) => step === event.step && number === event.number)
        ? run
        : { ...run, segments: [...run.segments, event] };
  }
}

/** Steps that have printed something, in the order in which they began. */
export function stepsOf({ segments }: FollowedRun): readonly LogEvent["step"][] {
  return [...new Set(segments.map(({ step }) => step))];
}

/** What was printed, by one step or by all of them with the step's name above each. */
export function logText({ segments }: FollowedRun, step: LogEvent["step"] | null): string {
  if (step !== null) return join(segments.filter((segment) => segment.step === step));
  return stepsOf({ segments, text: null, end: null })
    .map((name) => `--- ${name} ---\n${join(segments.filter((segment) => segment.step === name))}`)
    .join("\n");
}

function join(segments: readonly LogEvent[]): string {
  return segments
    .toSorted((one, other) => one.number - other.number)
    .map(({ text }) => text)
    .join("");
}
