import type { Ending } from "./end-deployment.ts";
import type { Deployment } from "./ledger.ts";
import { mayHaveChangedTheWorld } from "./outcome.ts";
import type { Phase, Result } from "./run-records.ts";

/** Steps that may change the account. */
const CHANGING_STEPS: readonly Result["steps"][number]["step"][] = ["apply", "entrypoint"];

/** How its holder's result ends a deployment; `phase`: the last that the holder has stored. */
export function endingOfResult(deployment: Deployment, result: Result, phase: Phase): Ending {
  const { exitCode, plan, brokenLock, notes } = result;
  const mayHaveApplied =
    mayHaveChangedTheWorld(phase) || result.steps.some(({ step }) => CHANGING_STEPS.includes(step));
  const told = { exitCode, plan, brokenLock, notes, disturbs: mayHaveApplied };
  return { ...told, ...judge(deployment, result, mayHaveApplied) };
}

function judge(
  deployment: Deployment,
  result: Result,
  mayHaveApplied: boolean,
): Pick<Ending, "outcome" | "failure" | "noop"> {
  const { outcome, failure } = result;
  switch (outcome) {
    case "succeeded":
    case "noop":
      return proves(deployment, result)
        ? { outcome: "succeeded", failure: null, noop: outcome === "noop" }
        : contradicts(result, `exit code 0 and ${deployment.digest}`);
    case "never-started":
      // It is tried again by itself, so nothing may have been applied.
      if (mayHaveApplied) return contradicts(result, "nothing that may have been applied");
      return { outcome: deployment.cancel === null ? "never-started" : "cancelled", failure };
    case "interrupted":
      return { outcome: deployment.cancel === null ? "lost" : "cancelled", failure };
    default:
      return { outcome, failure };
  }
}

function proves({ digest }: Deployment, result: Result): boolean {
  return result.exitCode === 0 && result.digest === digest;
}

function contradicts({ outcome, exitCode, digest }: Result, expected: string): ReturnType<typeof judge> {
  return {
    outcome: "unknown",
    failure: {
      code: "result-contradicts",
      message: `the result says ${outcome}, with exit code ${exitCode} and digest ${digest}`,
      hint: `expected ${expected}; look at what ran, then unblock the image`,
    },
  };
}
