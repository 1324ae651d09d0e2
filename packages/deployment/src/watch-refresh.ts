import { imageOf, type TickContext } from "./context.ts";
import { isStarted } from "./draft.ts";
import { endDeployment } from "./end-deployment.ts";
import type { Deployment, GroupRefresh, Refresh } from "./ledger.ts";
import { hasEnded, hasFailed, inProgress, isSuccessful, REFUSED } from "./refresh-status.ts";
import type { Failure } from "./run-records.ts";
import { actStartRefresh, intendRefresh } from "./start-refresh.ts";

const DEFAULT_TIMEOUT_SECONDS = 3600;

/** Watches the instance refreshes that were started to their end, and takes back those that failed. */
export function watchRefreshes(context: TickContext): void {
  for (const deployment of context.draft.deployments()) {
    if (!isStarted(deployment) || deployment.refresh === null) continue;
    const refresh = { ...deployment.refresh, groups: readGroups(context, deployment.refresh) };
    if (refresh.stage === "rolling") watchRolling(context, deployment, refresh);
    else watchRollingBack(context, deployment, refresh);
  }
}

/** The groups with the status that was just read; as they were where it could not be. */
function readGroups({ observation }: TickContext, refresh: Refresh): Refresh["groups"] {
  const read = Object.entries(refresh.groups).map(([name, group]): [string, GroupRefresh] => {
    const reading = observation.refreshes[name];
    if (reading?.kind !== "refreshes" || group.refreshId === null) return [name, group];
    const seen = reading.refreshes.find(({ id }) => id === group.refreshId);
    return [name, seen === undefined ? group : { ...group, status: seen.status, percentage: seen.percentage }];
  });
  return Object.fromEntries(read);
}

function watchRolling(context: TickContext, deployment: Deployment, refresh: Refresh): void {
  const { draft, now } = context;
  const groups = Object.values(refresh.groups);
  if (groups.every(isSuccessful)) {
    draft.updateDeployment(deployment.id, { state: "running", refresh });
    endDeployment(draft, deployment, { outcome: "succeeded", failure: null }, now);
    return;
  }
  const failure = refresh.failure ?? failureOf(context, deployment, refresh);
  if (failure === null) {
    draft.updateDeployment(deployment.id, { refresh: startLost(context, deployment, refresh) });
    return;
  }
  const unsettled = Object.keys(refresh.groups).filter((name) => !isSettled(context, refresh, name));
  for (const group of unsettled) draft.act({ kind: "cancel-refresh", deployment: deployment.id, group });
  const failed: Refresh = { ...refresh, failure, cancelling: unsettled.length > 0 };
  if (unsettled.length > 0) draft.updateDeployment(deployment.id, { refresh: failed });
  else rollBack(context, deployment, failed);
}

function failureOf(context: TickContext, deployment: Deployment, refresh: Refresh): Failure | null {
  const failed = Object.entries(refresh.groups).find(([, group]) => hasFailed(group));
  if (failed !== undefined) return refreshFailure(context, failed[0], failed[1]);
  if (deployment.cancel !== null) {
    return {
      code: "cancelled",
      message: `cancelled by ${deployment.cancel.by}: ${deployment.cancel.reason}`,
      hint: null,
    };
  }
  if (secondsSinceLaunch(context, deployment) < timeoutSeconds(context, deployment)) return null;
  return {
    code: "timeout",
    message: `the instance refresh did not end within ${timeoutSeconds(context, deployment)} s`,
    hint: "look at the group's activities, or give the image a longer timeout in the account mapping",
  };
}

function refreshFailure({ observation }: TickContext, name: string, group: GroupRefresh): Failure {
  const reading = observation.refreshes[name];
  const status = reading?.kind === "refreshes" ? reading.refreshes.find(({ id }) => id === group.refreshId) : undefined;
  return {
    code: "refresh-failed",
    message: `the instance refresh of group ${name} ended ${group.status}${status?.reason ? `: ${status.reason}` : ""}`,
    hint: "look at the group's activities and at the health checks of its new instances",
  };
}

/** Ended, or known not to have been started. A refresh whose id got lost counts while one is in progress. */
function isSettled({ observation, now }: TickContext, refresh: Refresh, name: string): boolean {
  const group = refresh.groups[name];
  if (group === undefined || hasEnded(group)) return true;
  const reading = observation.refreshes[name];
  if (group.refreshId !== null || reading?.kind !== "refreshes") return false;
  return Date.parse(group.intentUntil) <= now.getTime() && inProgress(reading) === null;
}

/** Intends anew what was intended but, as far as can be told, never started. */
function startLost(context: TickContext, deployment: Deployment, refresh: Refresh): Refresh {
  const digest = refresh.stage === "rolling" ? deployment.digest : refresh.previousDigest;
  const groups = { ...refresh.groups };
  for (const [name, group] of Object.entries(refresh.groups)) {
    if (digest === null || hasEnded(group) || !isSettled(context, refresh, name)) continue;
    groups[name] = intendRefresh(context.now);
    actStartRefresh(context, deployment, { group: name, digest });
  }
  return { ...refresh, groups };
}

/** Puts the digest before back on the groups and refreshes them again. */
function rollBack(context: TickContext, deployment: Deployment, refresh: Refresh): void {
  const { draft, now } = context;
  const digest = refresh.previousDigest;
  if (digest === null) {
    end(
      context,
      draft.updateDeployment(deployment.id, { refresh }),
      "nothing was live before, so nothing was put back",
    );
    return;
  }
  const names = Object.keys(refresh.groups);
  const groups = Object.fromEntries(names.map((name) => [name, intendRefresh(now)]));
  draft.updateDeployment(deployment.id, { refresh: { ...refresh, stage: "rolling-back", groups, cancelling: false } });
  for (const group of names) actStartRefresh(context, deployment, { group, digest });
}

function watchRollingBack(context: TickContext, deployment: Deployment, refresh: Refresh): void {
  const { draft } = context;
  const groups = Object.entries(refresh.groups);
  const late = secondsSinceLaunch(context, deployment) >= 2 * timeoutSeconds(context, deployment);
  if (!late && !groups.every(([, group]) => hasEnded(group))) {
    draft.updateDeployment(deployment.id, { refresh: startLost(context, deployment, refresh) });
    return;
  }
  const stuck = groups.filter(([, group]) => !isSuccessful(group)).map(([name]) => name);
  const told =
    stuck.length === 0
      ? `the groups are back at ${refresh.previousDigest}`
      : `going back to ${refresh.previousDigest} did not succeed in ${stuck.join(", ")}`;
  end(context, draft.updateDeployment(deployment.id, { refresh }), told);
}

function end({ draft, now }: TickContext, deployment: Deployment, told: string): void {
  const failure = deployment.refresh?.failure ?? null;
  const outcome = failure?.code === "cancelled" ? "cancelled" : "failed";
  const message = failure === null ? told : `${failure.message}; ${told}`;
  endDeployment(
    draft,
    deployment,
    { outcome, failure: { code: failure?.code ?? REFUSED, message, hint: failure?.hint ?? null } },
    now,
  );
}

function timeoutSeconds(context: TickContext, deployment: Deployment): number {
  return imageOf(context, deployment.image)?.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
}

function secondsSinceLaunch({ now }: TickContext, deployment: Deployment): number {
  return (now.getTime() - Date.parse(deployment.launchedAt ?? deployment.waitingSince)) / 1000;
}
