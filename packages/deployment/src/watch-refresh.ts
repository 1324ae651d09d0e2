import { imageOf, type TickContext } from "./context.ts";
import { isStarted, startOf } from "./draft.ts";
import { endDeployment } from "./end-deployment.ts";
import { type ImageDigest, type Instant, toInstant } from "./identifiers.ts";
import type { Deployment, GroupRefresh, Refresh } from "./ledger.ts";
import { hasEnded, hasFailed, inProgress, isSuccessful } from "./refresh-status.ts";
import type { Failure } from "./run-records.ts";
import { actStartRefresh, intendRefresh } from "./start-refresh.ts";

const DEFAULT_TIMEOUT_SECONDS = 3600;

type Rolling = Extract<Refresh, { stage: "rolling" }>;
type RollingBack = Extract<Refresh, { stage: "rolling-back" }>;

/** Watches the instance refreshes that were started to their end, and takes back those that failed. */
export function watchRefreshes(context: TickContext): void {
  for (const deployment of context.draft.deployments()) {
    const { refresh } = deployment;
    if (!isStarted(deployment) || refresh === null) continue;
    const groups = readGroups(context, refresh);
    if (refresh.stage === "rolling") watchRolling(context, deployment, { ...refresh, groups });
    else watchRollingBack(context, deployment, { ...refresh, groups });
  }
}

/** The groups with the status that was just read; as they were where it could not be. */
function readGroups({ observation }: TickContext, refresh: Refresh): Refresh["groups"] {
  const read = Object.entries(refresh.groups).map(([name, group]): [string, GroupRefresh] => {
    const reading = observation.refreshes[name];
    if (reading?.kind !== "refreshes" || group.refreshId === null) return [name, group];
    const seen = reading.refreshes.find(({ id }) => id === group.refreshId);
    if (seen === undefined) return [name, group];
    return [name, { ...group, status: seen.status, percentage: seen.percentage, reason: seen.reason }];
  });
  return Object.fromEntries(read);
}

function watchRolling(context: TickContext, deployment: Deployment, refresh: Rolling): void {
  const { draft, now } = context;
  const rollout = { groups: refresh.groups, digest: deployment.digest };
  if (unconfirmed(context, deployment, rollout).length === 0) {
    const seen = draft.updateDeployment(deployment.id, { state: "running", refresh });
    endDeployment(draft, seen, { outcome: "succeeded", failure: null }, now);
    return;
  }
  const failure = refresh.failure ?? failureOf(context, deployment, refresh);
  if (failure !== null) stopRolling(context, deployment, { ...refresh, failure });
  else if (hasMissedWindow(context, deployment, refresh)) endUnstarted(context, deployment);
  else {
    const groups = startAgain(context, deployment, rollout);
    draft.updateDeployment(deployment.id, { refresh: { ...refresh, groups } });
  }
}

type Stopping = Rolling & { readonly failure: Failure };

/** Ends what is in progress, then takes everything back. */
function stopRolling(context: TickContext, deployment: Deployment, refresh: Stopping): void {
  const { draft } = context;
  const stopping = draft.updateDeployment(deployment.id, { refresh });
  const unsettled = Object.keys(refresh.groups).filter((name) => !isSettled(context, refresh.groups, name));
  if (unsettled.length === 0) {
    rollBack(context, stopping, refresh);
  } else if (isLate(context, deployment)) {
    const told = `the refreshes of ${unsettled.join(", ")} could not be seen to end`;
    end(context, stopping, { failure: refresh.failure, told, disturbs: true });
  } else {
    for (const group of unsettled) {
      const refreshId = refresh.groups[group]?.refreshId ?? null;
      // One whose id got lost may be another's: it is waited for.
      if (refreshId !== null) draft.act({ kind: "cancel-refresh", deployment: deployment.id, group, refreshId });
    }
  }
}

/** Nothing was ever started, and now the window is closed. */
function hasMissedWindow(context: TickContext, deployment: Deployment, { groups }: Rolling): boolean {
  if (context.window.kind === "open" || deployment.startedBy !== null) return false;
  return Object.entries(groups).every(
    ([name, { refreshId }]) => refreshId === null && isSettled(context, groups, name),
  );
}

/** Whether its intent was acted on can not be told: the group may carry the digest's tag, or even run it. */
function endUnstarted({ draft, now }: TickContext, deployment: Deployment): void {
  const failure = {
    code: "window-closed",
    message: "the window closed before the refresh could be seen to start",
    hint: null,
  };
  endDeployment(draft, deployment, { outcome: "never-started", failure, disturbs: true }, now);
}

function failureOf(context: TickContext, deployment: Deployment, refresh: Rolling): Failure | null {
  const failed = Object.entries(refresh.groups).find(([, group]) => hasFailed(group));
  if (failed !== undefined) return refreshFailure(...failed);
  if (deployment.cancel !== null) {
    return {
      code: "cancelled",
      message: `cancelled by ${deployment.cancel.by}: ${deployment.cancel.reason}`,
      hint: null,
    };
  }
  if (secondsSince(startOf(deployment), context) < timeoutSeconds(context, deployment)) return null;
  return {
    code: "timeout",
    message: `the instance refresh did not end within ${timeoutSeconds(context, deployment)} s`,
    hint: "look at the group's activities, or give the image a longer timeout in the account mapping",
  };
}

function refreshFailure(name: string, { status, reason }: GroupRefresh): Failure {
  return {
    code: "refresh-failed",
    message: `the instance refresh of group ${name} ended ${status}${reason === null ? "" : `: ${reason}`}`,
    hint: "look at the group's activities and at the health checks of its new instances",
  };
}

/** Ended, or known not to have been started. A refresh whose id got lost counts while one is in progress. */
function isSettled({ observation, now }: TickContext, groups: Refresh["groups"], name: string): boolean {
  const group = groups[name];
  if (group === undefined || hasEnded(group)) return true;
  const reading = observation.refreshes[name];
  if (group.refreshId !== null || reading?.kind !== "refreshes") return false;
  return Date.parse(group.intentUntil) <= now.getTime() && inProgress(reading.refreshes) === null;
}

interface Rollout {
  readonly groups: Refresh["groups"];
  readonly digest: ImageDigest;
}

/** The groups that are not seen to have been rolled out: refreshed, and telling their instances to run that digest. */
function unconfirmed(
  context: TickContext,
  { image }: Deployment,
  { groups, digest }: Rollout,
): readonly (readonly [string, GroupRefresh])[] {
  return Object.entries(groups).filter(
    ([name, group]) => !isSuccessful(group) || tagOf(context, name, image) !== digest,
  );
}

/** What the group tells its instances to run of the image: null where that is nothing, undefined where it was not read. */
function tagOf({ observation }: TickContext, group: string, image: string): string | null | undefined {
  const reading = observation.refreshes[group];
  if (reading?.kind !== "refreshes" || reading.imageTags === null) return undefined;
  return reading.imageTags[image] ?? null;
}

/**
 * Intends anew what was intended but, as far as can be told, never started, and what was refreshed while the group told its
 * instances to run something else: a request to tag it that its sender gave up can take effect minutes later.
 */
function startAgain(context: TickContext, deployment: Deployment, { groups, digest }: Rollout): Refresh["groups"] {
  const { draft, now } = context;
  const retagged = Object.entries(groups).flatMap(([name, group]) => {
    const tag = isSuccessful(group) ? tagOf(context, name, deployment.image) : undefined;
    return tag === undefined || tag === digest ? [] : [{ name, tag }];
  });
  for (const { name, tag } of retagged) {
    const told = `group ${name} tells its instances to run ${tag ?? "nothing"} instead of ${digest}`;
    draft.note("group-retagged", deployment.image, `${told}: it is refreshed once more`);
  }
  const lost = Object.entries(groups).flatMap(([name, group]) => {
    return !hasEnded(group) && isSettled(context, groups, name) ? [name] : [];
  });
  const again = [...lost, ...retagged.map(({ name }) => name)];
  for (const group of again) actStartRefresh(context, deployment, { group, digest });
  return { ...groups, ...Object.fromEntries(again.map((name) => [name, intendRefresh(now)])) };
}

/** Puts the digest before back on the groups and refreshes them again. */
function rollBack(context: TickContext, deployment: Deployment, refresh: Stopping): void {
  const { previousDigest, failure } = refresh;
  if (previousDigest === null) {
    end(context, deployment, { failure, told: "nothing was live before, so nothing was put back", disturbs: true });
    return;
  }
  const names = Object.keys(refresh.groups);
  const groups = Object.fromEntries(names.map((name) => [name, intendRefresh(context.now)]));
  context.draft.updateDeployment(deployment.id, {
    refresh: { stage: "rolling-back", groups, previousDigest, since: toInstant(context.now), failure },
  });
  for (const group of names) actStartRefresh(context, deployment, { group, digest: previousDigest });
}

function watchRollingBack(context: TickContext, deployment: Deployment, refresh: RollingBack): void {
  const { previousDigest, failure } = refresh;
  const rollout = { groups: refresh.groups, digest: previousDigest };
  const late = secondsSince(refresh.since, context) >= timeoutSeconds(context, deployment);
  const stuck = unconfirmed(context, deployment, rollout);
  if (!late && stuck.some(([, group]) => !hasFailed(group))) {
    const groups = startAgain(context, deployment, rollout);
    context.draft.updateDeployment(deployment.id, { refresh: { ...refresh, groups } });
    return;
  }
  const told =
    stuck.length === 0
      ? `the groups are back at ${previousDigest}`
      : `going back to ${previousDigest} did not succeed in ${stuck.map(([name]) => name).join(", ")}`;
  end(context, context.draft.updateDeployment(deployment.id, { refresh }), {
    failure,
    told,
    disturbs: stuck.length > 0,
  });
}

interface TakenBack {
  readonly failure: Failure;
  /** How taking it back went. */
  readonly told: string;
  readonly disturbs: boolean;
}

function end({ draft, now }: TickContext, deployment: Deployment, { failure, told, disturbs }: TakenBack): void {
  const outcome = failure.code === "cancelled" ? "cancelled" : "failed";
  const message = `${failure.message}; ${told}`;
  endDeployment(draft, deployment, { outcome, failure: { ...failure, message }, disturbs }, now);
}

/** A roll-out that was to be stopped has one more timeout for it; what is not known to have ended then is given up. */
function isLate(context: TickContext, deployment: Deployment): boolean {
  return secondsSince(startOf(deployment), context) >= 2 * timeoutSeconds(context, deployment);
}

function timeoutSeconds(context: TickContext, deployment: Deployment): number {
  return imageOf(context, deployment.image)?.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
}

function secondsSince(moment: Instant, { now }: TickContext): number {
  return (now.getTime() - Date.parse(moment)) / 1000;
}
