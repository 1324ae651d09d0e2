import { attemptsAt, attemptsMade } from "./attempts.ts";
import { imageOf, type Target, type TickContext, targetOf } from "./context.ts";
import { isStarted, isWaiting } from "./draft.ts";
import { endDeployment } from "./end-deployment.ts";
import { toInstant } from "./identifiers.ts";
import { firstStop } from "./rule.ts";
import { TARGET_RULES } from "./target-rules.ts";

/** Makes the waiting deployments those that the images' targets ask for. */
export function planWaiting(context: TickContext): void {
  dropUnmapped(context);
  for (const image of Object.keys(context.slice.images)) planImage(context, image);
}

function dropUnmapped(context: TickContext): void {
  const { draft, now } = context;
  for (const deployment of draft.deployments()) {
    if (!isWaiting(deployment) || imageOf(context, deployment.image) !== undefined) continue;
    draft.note("image-unmapped", null, `${deployment.image} is no longer mapped: ${deployment.id} does not start`);
    endDeployment(draft, deployment, { outcome: "superseded", failure: null }, now);
  }
}

function planImage(context: TickContext, name: string): void {
  const { draft, now } = context;
  const image = imageOf(context, name);
  const current = draft.activeOf(name);
  if (image === undefined || (current !== undefined && isStarted(current))) return;
  const wanted = wantedTarget(context, name);
  if (current !== undefined) {
    if (current.digest === wanted?.digest && current.kind === image.kind) return;
    endDeployment(draft, current, { outcome: "superseded", failure: null }, now);
  }
  if (wanted === null) return;
  draft.addDeployment({
    image: name,
    kind: image.kind,
    digest: wanted.digest,
    commit: wanted.commit,
    pushedAt: wanted.pushedAt,
    attempt: attemptsMade(attemptsAt(draft.image(name), wanted.digest)) + 1,
    state: "waiting",
    // A moved tag does not lose the image its place.
    waitingSince: current?.waitingSince ?? toInstant(now),
    launchedAt: null,
    startedBy: null,
    holder: null,
    phase: null,
    progress: null,
    closing: null,
    instanceSeen: false,
    leaseExpiredSince: null,
    endingSince: null,
    instanceUnknownSince: null,
    cancel: null,
    refresh: null,
    endedAt: null,
    exitCode: null,
    plan: null,
    failure: null,
    noop: false,
    brokenLock: null,
    notes: [],
  });
}

/** What should be deployed and may be tried; null where nothing is to be done. */
export function wantedTarget(context: Pick<TickContext, "draft" | "slice">, name: string): Target | null {
  const image = imageOf(context, name);
  const target = targetOf(context, name);
  if (image === undefined || target === null) return null;
  return firstStop(TARGET_RULES, context, { name, image }) === null ? target : null;
}
