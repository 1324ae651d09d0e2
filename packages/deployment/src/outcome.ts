import * as z from "zod";
import type { Phase } from "./run-records.ts";

/** How a deployment ends. */
export const outcomeSchema = z.enum([
  "succeeded",
  "failed",
  "lost",
  "never-started",
  "state-unsaved",
  "unknown",
  "superseded",
  "cancelled",
]);
export type Outcome = z.infer<typeof outcomeSchema>;

/** After these nobody knows what the account looks like: the image is blocked until a person has looked. */
export const blockingOutcomeSchema = outcomeSchema.extract(["unknown", "state-unsaved"]);

/** What was applied by then is not known from outside: it may be anything up to the whole plan. */
export function mayHaveChangedTheWorld(phase: Phase | null): boolean {
  return phase === "applying" || phase === "saving";
}

export function isBlocking(outcome: Outcome | null): boolean {
  return blockingOutcomeSchema.options.some((blocking) => blocking === outcome);
}
