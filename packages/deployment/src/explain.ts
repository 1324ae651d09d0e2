import { quarantineOf } from "./attempts.ts";
import { type TickContext, targetOf } from "./context.ts";
import { isWaiting } from "./draft.ts";
import type { Deployment } from "./ledger.ts";
import type { Reason } from "./reason.ts";
import { gateOf } from "./start-gate.ts";
import { refreshingGroups, refreshObstacle } from "./start-refresh.ts";
import { startedTerraform, terraformObstacle } from "./start-terraform.ts";

/** For every image: where it stands, and why it goes no further. */
export function explainImages(context: TickContext): Readonly<Record<string, Reason>> {
  const busy = { terraform: startedTerraform(context), groups: refreshingGroups(context) };
  return Object.fromEntries(Object.keys(context.slice.images).map((image) => [image, explain(context, image, busy)]));
}

interface Busy {
  readonly terraform: Deployment | undefined;
  readonly groups: ReadonlyMap<string, string>;
}

function explain(context: TickContext, image: string, busy: Busy): Reason {
  const active = context.draft.activeOf(image);
  if (active === undefined) return explainIdle(context, image);
  if (!isWaiting(active)) return explainStarted(active);
  const obstacle =
    active.kind === "terraform"
      ? terraformObstacle(context, busy.terraform)
      : refreshObstacle(context, active, busy.groups);
  return gateOf(context, active) ?? obstacle ?? { kind: "waiting-turn", behind: "the next tick" };
}

function explainStarted(deployment: Deployment): Reason {
  const { id, progress, refresh } = deployment;
  if (refresh !== null) {
    const percentages = Object.values(refresh.groups).map(({ percentage }) => percentage ?? 0);
    const phase = refresh.stage === "rolling" ? "refreshing" : "rolling-back";
    return { kind: "deploying", deployment: id, phase, progress: `${Math.min(...percentages)}%` };
  }
  return { kind: "deploying", deployment: id, phase: deployment.phase ?? "launching", progress };
}

function explainIdle(context: TickContext, image: string): Reason {
  const record = context.draft.image(image);
  if (record.block !== null) {
    return { kind: "blocked", deployment: record.block.deployment, outcome: record.block.outcome };
  }
  const described = context.slice.images[image];
  const quarantine = described === undefined ? null : quarantineOf(record.attempts, described);
  if (quarantine !== null) return { kind: "quarantined", ...quarantine };
  if (record.hold !== null) return { kind: "held", digest: record.hold.digest, request: record.hold.request };
  return targetOf(context, image) === null ? { kind: "no-head" } : { kind: "live" };
}
