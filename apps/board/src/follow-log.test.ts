import { expect, it } from "vitest";
import type { RunEvent } from "./api.ts";
import { followLog, logText, NOTHING_FOLLOWED, stepsOf } from "./follow-log.ts";

const EVENTS = [
  { kind: "state", deployment: "d", state: "running", text: "applying" },
  { kind: "log", step: "plan", number: 1, text: "Plan\n" },
  { kind: "log", step: "apply", number: 2, text: "two\n" },
  { kind: "log", step: "apply", number: 1, text: "one\n" },
] as unknown as readonly RunEvent[];

it("puts together what each step printed, whatever order it came in", () => {
  const run = EVENTS.reduce(followLog, NOTHING_FOLLOWED);

  expect(run.text).toBe("applying");
  expect(stepsOf(run)).toEqual(["plan", "apply"]);
  expect(logText(run, "apply")).toBe("one\ntwo\n");
  expect(logText(run, null)).toBe("--- plan ---\nPlan\n\n--- apply ---\none\ntwo\n");
});

it("shows nothing twice when a lost stream begins again, and keeps how it ended", () => {
  const end = { kind: "end", deployment: "d", outcome: "succeeded", taken: true, failure: null } as unknown as RunEvent;
  const run = [...EVENTS, ...EVENTS, end].reduce(followLog, NOTHING_FOLLOWED);

  expect(run.segments).toHaveLength(3);
  expect(run.end).toEqual(end);
});
