import type { RefreshPreferences } from "@windlass/account-mapping";
import { imageOf, type TickContext } from "./context.ts";
import { isStarted } from "./draft.ts";
import { type ImageDigest, type Instant, toInstant } from "./identifiers.ts";
import type { Deployment, GroupRefresh } from "./ledger.ts";
import type { Reason } from "./reason.ts";
import { inProgress } from "./refresh-status.ts";
import { readyToStart } from "./start-gate.ts";
import { markLaunched } from "./start-terraform.ts";

/** Longer than any tick lives: after it, the tick that intended a start can no longer make it. */
const INTENT_MS = 2 * 60_000;

const NO_PREFERENCES: RefreshPreferences = {
  minHealthyPercentage: null,
  maxHealthyPercentage: null,
  instanceWarmupSeconds: null,
};

/** Starts instance refreshes: any number side by side, one in each group. */
export function startRefreshes(context: TickContext): void {
  for (const { deployment } of readyToStart(context, "instance-refresh")) {
    const groups = findGroups(context, deployment.image, refreshingGroups(context));
    if (groups.kind === "free") start(context, deployment, groups.names);
  }
}

function start(context: TickContext, deployment: Deployment, names: readonly string[]): void {
  const { draft, now } = context;
  const launched = markLaunched(context, deployment);
  draft.updateDeployment(deployment.id, {
    refresh: {
      stage: "rolling",
      previousDigest: draft.image(deployment.image).live?.digest ?? null,
      groups: Object.fromEntries(names.map((name) => [name, intendRefresh(now)])),
      failure: null,
    },
  });
  for (const group of names) actStartRefresh(context, launched, { group, digest: launched.digest });
}

/** The intent that makes a start safe: only the tick that commits it may act on it. */
export function intendRefresh(now: Date): GroupRefresh {
  return { intentUntil: intentEnd(now), refreshId: null, status: null, percentage: null, reason: null };
}

function intentEnd(now: Date): Instant {
  return toInstant(new Date(now.getTime() + INTENT_MS));
}

export function actStartRefresh(
  context: TickContext,
  deployment: Deployment,
  { group, digest }: { readonly group: string; readonly digest: ImageDigest },
): void {
  const image = imageOf(context, deployment.image);
  context.draft.act({
    kind: "start-refresh",
    deployment: deployment.id,
    group,
    image: deployment.image,
    digest,
    preferences: image?.kind === "instance-refresh" ? image.preferences : NO_PREFERENCES,
    notAfter: intentEnd(context.now),
  });
}

/** Which image refreshes each group now. */
export function refreshingGroups({ draft }: Pick<TickContext, "draft">): ReadonlyMap<string, string> {
  const refreshing = draft.deployments().flatMap((deployment) => {
    const { refresh, image } = deployment;
    if (refresh === null || !isStarted(deployment)) return [];
    return Object.keys(refresh.groups).map((group) => [group, image] as const);
  });
  return new Map(refreshing);
}

type Groups =
  | { readonly kind: "free"; readonly names: readonly string[] }
  | { readonly kind: "obstacle"; readonly reason: Reason };

/** The image's groups, or what stands in the way of refreshing them. */
export function findGroups(context: TickContext, image: string, busy: ReadonlyMap<string, string>): Groups {
  const { observation } = context;
  const reading = observation.groups[image];
  if (reading === undefined) return waitFor("its groups have not been read");
  if (reading.kind === "unreadable") return waitFor(`its groups could not be read: ${reading.message}`);
  if (reading.names.length === 0) return waitFor("no Auto Scaling group matches its selector");
  for (const name of reading.names) {
    const behind = busy.get(name);
    if (behind !== undefined) return { kind: "obstacle", reason: { kind: "waiting-turn", behind } };
    const refreshes = observation.refreshes[name];
    if (refreshes?.kind !== "refreshes") return waitFor(`group ${name} could not be read`);
    const going = inProgress(refreshes.refreshes);
    if (going !== null) return waitFor(`refresh ${going} of group ${name} is in progress`);
  }
  return { kind: "free", names: reading.names };
}

function waitFor(because: string): Groups {
  return { kind: "obstacle", reason: { kind: "waiting-group", because } };
}
