import * as z from "zod";

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
