import type { RefreshPreferences } from "@windlass/account-mapping";
import { imageOf, type TickContext } from "./context.ts";
import { dependenciesOf } from "./dependencies.ts";
import { isStarted, isWaiting } from "./draft.ts";
import { endDeployment } from "./end-deployment.ts";
import { type ImageDigest, type Instant, toInstant } from "./identifiers.ts";
import type { Deployment, GroupRefresh } from "./ledger.ts";
import type { Reason } from "./reason.ts";
import { inProgress } from "./refresh-status.ts";
import { gateOf, inStartOrder } from "./start-gate.ts";
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
  const ready = context.draft
    .deployments()
    .filter((one) => one.kind === "instance-refresh" && isWaiting(one) && gateOf(context, one) === null);
  for (const deployment of inStartOrder(ready, (image) => dependenciesOf(context, image).length)) {
    if (refreshObstacle(context, deployment, refreshingGroups(context)) === null) start(context, deployment);
  }
}

function start(context: TickContext, deployment: Deployment): void {
  const { draft, now } = context;
  const names = groupsOf(context, deployment.image);
  const launched = markLaunched(context, deployment);
  if (names === null || names.length === 0) {
    const failure = {
      code: "no-matching-group",
      message: `no Auto Scaling group matches the selector of ${deployment.image}`,
      hint: "check `groups` in the account mapping against the groups of this account",
    };
    endDeployment(draft, launched, { outcome: "failed", failure }, now);
    return;
  }
  draft.updateDeployment(deployment.id, {
    refresh: {
      stage: "rolling",
      previousDigest: draft.image(deployment.image).live?.digest ?? null,
      groups: Object.fromEntries(names.map((name) => [name, intendRefresh(now)])),
      failure: null,
      cancelling: false,
    },
  });
  for (const group of names) actStartRefresh(context, launched, { group, digest: launched.digest });
}

/** The intent that makes a start safe: only the tick that commits it may act on it. */
export function intendRefresh(now: Date): GroupRefresh {
  return { intentUntil: intentEnd(now), refreshId: null, status: null, percentage: null };
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
  });
}

/** Which image refreshes each group now. */
export function refreshingGroups({ draft }: Pick<TickContext, "draft">): ReadonlyMap<string, string> {
  const started = draft.deployments().filter((one) => isStarted(one) && one.refresh !== null);
  return new Map(started.flatMap((one) => Object.keys(one.refresh?.groups ?? {}).map((group) => [group, one.image])));
}

/** What stands in the way of this refresh besides `gateOf`. */
export function refreshObstacle(
  context: TickContext,
  deployment: Deployment,
  busy: ReadonlyMap<string, string>,
): Reason | null {
  const names = groupsOf(context, deployment.image);
  if (names === null) return { kind: "waiting-group", because: "its groups could not be read" };
  for (const name of names) {
    const behind = busy.get(name);
    if (behind !== undefined) return { kind: "waiting-turn", behind };
    const reading = context.observation.refreshes[name];
    if (reading?.kind !== "refreshes") return { kind: "waiting-group", because: `group ${name} could not be read` };
    const going = inProgress(reading);
    if (going !== null) return { kind: "waiting-group", because: `refresh ${going} of group ${name} is in progress` };
  }
  return null;
}

function groupsOf({ observation }: TickContext, image: string): readonly string[] | null {
  const reading = observation.groups[image];
  return reading?.kind === "groups" ? reading.names : null;
}
