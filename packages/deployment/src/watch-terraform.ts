import { rememberLeaving } from "./confirm-dead.ts";
import type { TickContext } from "./context.ts";
import { type Draft, isStarted } from "./draft.ts";
import { type Ending, endDeployment } from "./end-deployment.ts";
import type { Deployment } from "./ledger.ts";
import type { RunReading } from "./observation.ts";
import { ownRun } from "./own-run.ts";
import { endingOfResult } from "./result-ending.ts";
import type { Claim, Result } from "./run-records.ts";
import { phaseOf, watchHolder } from "./watch-holder.ts";
import { watchLaunch } from "./watch-launch.ts";

type Run = Extract<RunReading, { kind: "run" }>;

/** Brings the area's started Terraform deployment up to what its run records say. */
export function watchTerraform(context: TickContext): void {
  const { draft, observation } = context;
  for (const deployment of draft.deployments()) {
    if (deployment.kind !== "terraform" || !isStarted(deployment)) continue;
    const run = ownRun(observation, deployment);
    if (run === undefined) continue;
    if (run.kind === "unreadable") {
      draft.note("run-unreadable", deployment.image, `run ${deployment.id} could not be read: ${run.message}`);
      continue;
    }
    watchRun(context, deployment, run);
  }
}

function watchRun(context: TickContext, deployment: Deployment, run: Run): void {
  const { draft, now } = context;
  const claim = run.claim.kind === "present" ? run.claim.value : null;
  const held = claim?.holder === "runner" ? takeHolder(draft, deployment, claim) : deployment;
  const ending = claim?.holder === "lambda" ? closedEnding(deployment) : endingFrom(context, held, run);
  if (ending !== null) {
    if (ending.outcome !== "succeeded") rememberLeaving(draft, held);
    endDeployment(draft, held, ending, now);
  } else if (held.holder !== null) watchHolder(context, { deployment: held, holder: held.holder }, run);
  else watchLaunch(context, held, run.claim);
}

function takeHolder(draft: Draft, deployment: Deployment, claim: Extract<Claim, { holder: "runner" }>): Deployment {
  const { instance, nonce, at } = claim;
  return draft.updateDeployment(deployment.id, { state: "running", closing: null, holder: { instance, nonce, at } });
}

function closedEnding(deployment: Deployment): Ending {
  return {
    outcome: deployment.cancel === null ? "never-started" : "cancelled",
    failure: deployment.closing,
  };
}

/** How the run's own result ends the deployment; null where there is none that counts. */
function endingFrom({ draft }: TickContext, deployment: Deployment, run: Run): Ending | null {
  const { result } = run;
  if (result.kind === "absent") return null;
  if (result.kind === "invalid") {
    if (deployment.holder === null) return noteUnclaimed(draft, deployment);
    return {
      outcome: "unknown",
      failure: {
        code: "result-invalid",
        message: `result.json does not parse: ${result.problem}`,
        hint: "look at the run's logs and at Terraform's state, then unblock the image",
      },
    };
  }
  const foreign = describeForeign(deployment, result.value);
  if (foreign !== null) {
    draft.note(
      "result-foreign",
      deployment.image,
      `the result of ${deployment.id} is not its own: ${foreign}; ignored`,
    );
    return null;
  }
  return endingOfResult(deployment, result.value, phaseOf(deployment, run));
}

/** While nobody is known to hold the claim, somebody may yet take it: that must not happen to an ended deployment. */
function noteUnclaimed(draft: Draft, deployment: Deployment): null {
  draft.note("result-unclaimed", deployment.image, `${deployment.id} has a result that does not parse, and no claim`);
  return null;
}

function describeForeign(deployment: Deployment, result: Result): string | null {
  if (result.deployment !== deployment.id) return `it names ${result.deployment}`;
  if (result.epoch !== deployment.epoch) return `it is of epoch ${result.epoch}, not ${deployment.epoch}`;
  if (result.nonce !== deployment.holder?.nonce) return "it was not written by the claim's holder";
  return null;
}
