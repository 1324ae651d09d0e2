import type { Deployment } from "./ledger.ts";
import type { Observation, RunReading } from "./observation.ts";

/**
 * The deployment's run as it was read; undefined where it was not. A claim of another deployment or epoch is one that
 * can not be understood: somebody has it, and it can not be told who.
 */
export function ownRun({ runs }: Observation, { id, epoch }: Deployment): RunReading | undefined {
  const run = runs[id];
  if (run?.kind !== "run" || run.claim.kind !== "present") return run;
  const { value, ageSeconds } = run.claim;
  if (value.deployment === id && value.epoch === epoch) return run;
  const problem = `it is of ${value.deployment}, epoch ${value.epoch}`;
  return { ...run, claim: { kind: "invalid", problem, ageSeconds } };
}
