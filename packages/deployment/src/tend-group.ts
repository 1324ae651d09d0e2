import type { TickContext } from "./context.ts";
import { type DeploymentId, toInstant } from "./identifiers.ts";
import { isLeaving } from "./is-leaving.ts";
import type { Deployment } from "./ledger.ts";
import type { GroupInstance, GroupReading, RunReading } from "./observation.ts";
import { ownRun } from "./own-run.ts";
import { startedTerraform } from "./start-terraform.ts";
import { LEASE_EXPIRY_SECONDS } from "./watch-holder.ts";

type Run = Extract<RunReading, { kind: "run" }>;

/** An instance that works for no deployment should have retired itself long before. */
const STRAY_GRACE_MS = 10 * 60_000;

/** Brings the deploy group back to 0 and ends instances that work for no deployment. */
export function tendGroup(context: TickContext): void {
  const { draft, observation, now } = context;
  const { group } = observation;
  if (group.kind === "unreadable") {
    draft.note(
      "group-unreadable",
      null,
      `the deploy group could not be read, so nothing starts in it: ${group.message}`,
    );
    return;
  }
  if (group.suspendedProcesses.includes("Launch")) {
    draft.note("launch-suspended", null, "EC2 Auto Scaling has suspended Launch for the deploy group: resume it");
  }
  const working = workingDeployment(context);
  if (working === undefined && group.desired > 0) {
    draft.act({ kind: "retire", reason: "no deployment needs an instance" });
  }
  const strays = straysAmong(context, group, working);
  const since = Object.fromEntries(strays.map(({ id }) => [id, draft.strays()[id] ?? toInstant(now)]));
  draft.setStrays(since);
  for (const [instance, first] of Object.entries(since)) {
    if (now.getTime() - Date.parse(first) < STRAY_GRACE_MS) continue;
    const reason = `works for no deployment since ${first}`;
    // Beside a deployment at work, capacity is not taken down under it.
    draft.act({ kind: "terminate", instance, decrement: working === undefined, unlessRenewed: null, reason });
  }
}

/** The started deployment, unless its claim can not be read and nobody has renewed anything for as long as a lease lasts. */
function workingDeployment(context: TickContext): Deployment | undefined {
  const started = startedTerraform(context);
  const run = started === undefined ? undefined : ownRun(context.observation, started);
  if (run?.kind !== "run" || run.claim.kind !== "invalid") return started;
  return isRenewed(run) ? started : undefined;
}

function straysAmong(
  context: TickContext,
  group: Extract<GroupReading, { kind: "group" }>,
  working: Deployment | undefined,
): readonly GroupInstance[] {
  // While a deployment is launching, any instance may be the one that will claim it.
  if (working !== undefined && working.holder === null) return [];
  const present = group.instances.filter(
    ({ id, lifecycle }) => id !== working?.holder?.instance && !isLeaving(lifecycle),
  );
  return present.filter(({ id }) => !worksForStranger(context, group, id));
}

/** A run that this ledger does not know, since it was lost or put back, may still hold its claim and renew its lease. */
function worksForStranger(
  { observation, draft }: TickContext,
  group: Extract<GroupReading, { kind: "group" }>,
  instance: string,
): boolean {
  const run = observation.runs[group.deploymentTag as DeploymentId];
  if (run === undefined) return false;
  const alive = run.kind === "unreadable" || (mayHold(run, instance) && isRenewed(run));
  if (alive) draft.note("stranger-alive", null, `instance ${instance} may be working for ${group.deploymentTag}`);
  return alive;
}

function mayHold({ claim }: Run, instance: string): boolean {
  return claim.kind === "invalid" || (claim.kind === "present" && claim.value.instance === instance);
}

function isRenewed({ claim, lease }: Run): boolean {
  const ages = [claim, lease].flatMap((record) => (record.kind === "absent" ? [] : [record.ageSeconds]));
  return Math.min(...ages) < LEASE_EXPIRY_SECONDS;
}
