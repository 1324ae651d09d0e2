import { type Claim, type Deployment, type Result, resultSchema } from "@windlass/deployment";
import { NOT_KEPT } from "../../src/unsaved-state.ts";
import { RESOURCES, resourcesIn } from "./test-module.ts";

/** What is known of a struck deployment, once it has ended. Texts are those of the bucket; null: not there. */
export interface Evidence {
  readonly version: number;
  readonly deployment: Deployment;
  /** The outside record. */
  readonly created: readonly string[];
  readonly state: string | null;
  readonly erroredState: string | null;
  readonly claim: string | null;
  readonly result: string | null;
  /** What it brought is live. */
  readonly live: boolean;
}

/** What is known once a later deployment of the image has ended, too. */
export interface Aftermath {
  readonly followUp: Pick<Deployment, "state" | "failure" | "brokenLock"> | null;
  /** Whether the lock of the state is still there. */
  readonly locked: boolean;
  readonly desired: number;
  readonly instances: readonly string[];
  readonly containers: readonly string[];
}

/** How a result ends a deployment in the ledger. */
const ENDINGS: Readonly<Record<Result["outcome"], Deployment["state"]>> = {
  succeeded: "succeeded",
  noop: "succeeded",
  failed: "failed",
  cancelled: "cancelled",
  interrupted: "lost",
  "never-started": "never-started",
  "state-unsaved": "state-unsaved",
  unknown: "unknown",
};

/** What of all that must hold does not. */
export function judgeDeployment(evidence: Evidence): readonly string[] {
  return [...judgeLive(evidence), ...judgeState(evidence), ...judgeResult(evidence)];
}

function judgeLive({ live, deployment, version, state }: Evidence): readonly string[] {
  if (live !== (deployment.state === "succeeded")) return [`${deployment.state}, and live is ${live}`];
  return live ? judgeSaved(state, version) : [];
}

/** A digest that is live has all of its resources in the saved state. */
export function judgeSaved(state: string | null, version: number): readonly string[] {
  const there = resourcesIn(state ?? "") ?? [];
  const missing = RESOURCES.map((name) => `${name}@${version}`).filter((name) => !there.includes(name));
  return missing.length === 0 ? [] : [`live without ${missing.join(", ")} in the saved state`];
}

function judgeState({ deployment, created, state, erroredState }: Evidence): readonly string[] {
  if (deployment.state === "unknown" || saysLost(deployment)) return [];
  const known = [...(resourcesIn(state ?? "") ?? []), ...(resourcesIn(erroredState ?? "") ?? [])];
  const lost = created.filter((name) => !known.includes(name));
  return lost.length === 0 ? [] : [`${deployment.state}, and no state has ${lost.join(", ")}`];
}

/** Whoever reads that report knows that the account is all there is to go by. Any other promises a state. */
function saysLost({ state, failure }: Deployment): boolean {
  return state === "state-unsaved" && (failure?.hint?.startsWith(NOT_KEPT) ?? false);
}

function judgeResult({ deployment, result, claim }: Evidence): readonly string[] {
  if (result === null) return [];
  const parsed = resultSchema.safeParse(JSON.parse(result));
  if (!parsed.success) return [`the result is not valid: ${parsed.error.message}`];
  const { outcome, epoch, nonce } = parsed.data;
  const holder = claim === null ? null : (JSON.parse(claim) as Claim);
  return [
    ...(parsed.data.deployment === deployment.id && epoch === deployment.epoch ? [] : ["the result is another's"]),
    ...(holder?.holder === "runner" && holder.nonce === nonce ? [] : ["the result is not of the claim's holder"]),
    ...(ENDINGS[outcome] === deployment.state ? [] : [`the result says ${outcome}, the ledger ${deployment.state}`]),
  ];
}

export function judgeAftermath(aftermath: Aftermath): readonly string[] {
  const { followUp, locked, desired, instances, containers } = aftermath;
  return [
    ...judgeFollowUp(followUp),
    ...(locked ? ["the lock is still there, though the next deployment has ended"] : []),
    ...(desired === 0 ? [] : [`the desired capacity is ${desired}`]),
    ...instances.map((id) => `the instance ${id} is still in its group`),
    ...containers.map((name) => `the container ${name} is left`),
  ];
}

/** The lock is free again, or was reported. */
function judgeFollowUp(followUp: Aftermath["followUp"]): readonly string[] {
  if (followUp === null) return ["the next deployment has not ended"];
  if (followUp.state === "succeeded" || isLockReport(followUp)) return [];
  return [`the next deployment ended ${followUp.state}: ${followUp.failure?.message ?? "no failure"}`];
}

export function isLockReport({ state, failure }: Pick<Deployment, "state" | "failure">): boolean {
  return state === "failed" && failure?.code === "state-locked";
}
