import type { Image } from "@windlass/account-mapping";
import { attemptsAt, quarantineOf } from "./attempts.ts";
import { type TickContext, targetOf } from "./context.ts";
import { isWaiting } from "./draft.ts";
import type { Deployment } from "./ledger.ts";
import type { Reason } from "./reason.ts";
import { gateOf } from "./start-gate.ts";
import { findGroups, refreshingGroups } from "./start-refresh.ts";
import { startedTerraform, terraformObstacle } from "./start-terraform.ts";

/** For every image: where it stands, and why it goes no further. */
export function explainImages(context: TickContext): Readonly<Record<string, Reason>> {
  const busy = { terraform: startedTerraform(context), groups: refreshingGroups(context) };
  const reasons = Object.entries(context.slice.images).map(([name, image]) => [
    name,
    explain(context, name, { image, busy }),
  ]);
  return Object.fromEntries(reasons);
}

interface Busy {
  readonly terraform: Deployment | undefined;
  readonly groups: ReadonlyMap<string, string>;
}

interface Explained {
  readonly image: Image;
  readonly busy: Busy;
}

function explain(context: TickContext, name: string, { image, busy }: Explained): Reason {
  const active = context.draft.activeOf(name);
  if (active === undefined) return explainIdle(context, name, image);
  if (!isWaiting(active)) return explainStarted(active);
  return gateOf(context, { deployment: active, image }) ?? obstacleOf(context, active, busy) ?? { kind: "ready" };
}

function obstacleOf(context: TickContext, { kind, image }: Deployment, busy: Busy): Reason | null {
  if (kind === "terraform") return terraformObstacle(context, busy.terraform);
  const groups = findGroups(context, image, busy.groups);
  return groups.kind === "free" ? null : groups.reason;
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

function explainIdle(context: TickContext, name: string, image: Image): Reason {
  const record = context.draft.image(name);
  if (record.block !== null) {
    return { kind: "blocked", deployment: record.block.deployment, outcome: record.block.outcome };
  }
  const quarantine = quarantineOf(attemptsAt(record, targetOf(context, name)?.digest), image);
  if (quarantine !== null) return { kind: "quarantined", ...quarantine };
  if (record.hold !== null) return { kind: "held", digest: record.hold.digest, request: record.hold.request };
  return targetOf(context, name) === null ? { kind: "no-head" } : { kind: "live" };
}
