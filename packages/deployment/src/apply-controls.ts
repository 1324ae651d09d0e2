import type { Image } from "@windlass/account-mapping";
import { attemptsAt, quarantineOf } from "./attempts.ts";
import { imageOf, isLive, type TickContext, targetOf } from "./context.ts";
import { type AreaControl, type Control, type ImageControl, isAreaControl } from "./control.ts";
import { isStarted, isWaiting } from "./draft.ts";
import { endDeployment } from "./end-deployment.ts";
import { type DeploymentId, type Instant, toInstant } from "./identifiers.ts";
import type { Request } from "./ledger.ts";
import { requestCancel } from "./watch-holder.ts";

const REMEMBERED_MS = 24 * 60 * 60_000;

/**
 * Applies each control once: its id is remembered with the commit that applies it, for as long as its object is
 * listed and for a day at least; the object is deleted after that commit.
 */
export function applyControls(context: TickContext): void {
  const { draft, observation, now } = context;
  const reading = observation.controls;
  if (reading.kind === "unreadable") {
    draft.note("controls-unreadable", null, `controls could not be read, so nothing starts: ${reading.message}`);
    return;
  }
  const applied: Record<string, Instant> = { ...recentlyApplied(context) };
  for (const { key, control } of reading.controls) {
    if (control.kind === "invalid") {
      draft.note("control-invalid", null, `${key} is not a control: ${control.problem}`);
      continue;
    }
    const { id } = control.value;
    const before = applied[id] ?? draft.appliedControls()[id];
    if (before === undefined) applyControl(context, control.value);
    applied[id] = before ?? toInstant(now);
    draft.act({ kind: "delete-control", key });
  }
  draft.setAppliedControls(applied);
}

/** A writer whose reply was lost may write its control once more, long after it was applied and deleted. */
function recentlyApplied({ draft, now }: TickContext): Readonly<Record<string, Instant>> {
  const known = Object.entries(draft.appliedControls());
  return Object.fromEntries(known.filter(([, at]) => now.getTime() - Date.parse(at) < REMEMBERED_MS));
}

function applyControl(context: TickContext, control: Control): void {
  const { draft } = context;
  const about = isAreaControl(control) ? null : control.image;
  const done = performControl(context, control);
  switch (done.kind) {
    case "unknown-image":
      draft.note(
        "control-unknown-image",
        null,
        `${control.kind} by ${control.by} names no image of this area: ${about}`,
      );
      return;
    case "without-effect":
      draft.note("control-without-effect", about, `${control.kind} by ${control.by} changed nothing: ${done.because}`);
      return;
    case "effect":
      draft.note("control-applied", about, `${control.kind} by ${control.by}: ${control.reason}`);
      return;
  }
}

/** What came of a control. `because` is a clause such as `it is not held`. */
export type ControlOutcome =
  | { readonly kind: "effect" }
  | { readonly kind: "without-effect"; readonly because: string }
  | { readonly kind: "unknown-image" };

export function performControl(context: TickContext, control: Control): ControlOutcome {
  if (isAreaControl(control)) return outcomeOf(performOnArea(context, control));
  const image = imageOf(context, control.image);
  return image === undefined ? { kind: "unknown-image" } : outcomeOf(perform(context, control, image));
}

function outcomeOf(because: string | null): ControlOutcome {
  return because === null ? { kind: "effect" } : { kind: "without-effect", because };
}

/** Returns why the control had no effect, or null. */
function performOnArea({ draft, slice }: TickContext, control: AreaControl): string | null {
  const paused = draft.pause();
  if (control.kind === "resume") {
    if (paused === null) return "the area is not paused";
    draft.setPause(null);
    return null;
  }
  if (paused !== null) return `the area is paused by ${paused.by} already`;
  draft.setPause(requestOf(control));
  // Whoever resumes the area does not know of a permission to start outside the windows that was given before.
  for (const image of Object.keys(slice.images)) draft.updateImage(image, { deployNow: null });
  return null;
}

/** Returns why the control had no effect, or null. */
function perform(context: TickContext, control: ImageControl, image: Image): string | null {
  const { draft } = context;
  const record = draft.image(control.image);
  switch (control.kind) {
    case "hold": {
      const digest = control.digest ?? record.live?.digest ?? null;
      draft.updateImage(control.image, {
        hold: { digest, commit: control.digest === null ? null : control.commit, request: requestOf(control) },
      });
      return null;
    }
    case "unhold":
      if (record.hold === null) return "it is not held";
      draft.updateImage(control.image, { hold: null });
      return null;
    case "retry":
      if (record.attempts === null) return "no attempt at its head has ended";
      if (isAnother(control.deployment, record.attempts.last.deployment)) return "another attempt has ended since";
      draft.updateImage(control.image, { attempts: null });
      return null;
    case "unblock":
      if (record.block === null) return "it is not blocked";
      if (isAnother(control.deployment, record.block.deployment)) return "another deployment blocks it";
      draft.updateImage(control.image, { block: null, attempts: null });
      return null;
    case "cancel":
      return cancel(context, control);
    case "deploy-now":
      return deployNow(context, control, image);
  }
}

/** Whoever names a deployment has looked at that one alone. */
function isAnother(named: DeploymentId | null, found: DeploymentId): boolean {
  return named !== null && named !== found;
}

function cancel({ draft, now }: TickContext, control: Extract<Control, { kind: "cancel" }>): string | null {
  const deployment = draft.activeOf(control.image);
  if (deployment === undefined) return "it has no deployment that could be cancelled";
  if (control.deployment !== null && control.deployment !== deployment.id) return `${control.deployment} has ended`;
  const request = requestOf(control);
  const asked = draft.updateDeployment(deployment.id, { cancel: request });
  // Whoever cancels also withdraws the permission to start outside the windows.
  draft.updateImage(control.image, { deployNow: null });
  if (isWaiting(asked)) endDeployment(draft, asked, { outcome: "cancelled", failure: null }, now);
  else if (asked.holder !== null) requestCancel(draft, asked.id, request);
  return null;
}

function deployNow(
  context: TickContext,
  control: Extract<Control, { kind: "deploy-now" }>,
  image: Image,
): string | null {
  const { draft } = context;
  if (draft.pause() !== null) return "the area is paused: resume it first";
  const target = targetOf(context, control.image);
  if (target === null) return "there is nothing to deploy";
  if (isLive(context, control.image, target)) return "its head is live";
  const record = draft.image(control.image);
  if (record.block !== null) return "it is blocked: unblock it first";
  if (quarantineOf(attemptsAt(record, target.digest), image) !== null) return "it is quarantined: retry it first";
  const active = draft.activeOf(control.image);
  if (active !== undefined && isStarted(active) && active.digest === target.digest) return "it is being deployed";
  draft.updateImage(control.image, { deployNow: { digest: target.digest, request: requestOf(control) } });
  return null;
}

function requestOf(control: Control): Request {
  return { control: control.id, by: control.by, reason: control.reason, at: control.at };
}
