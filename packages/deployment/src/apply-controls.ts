import type { Image } from "@windlass/account-mapping";
import { attemptsAt, quarantineOf } from "./attempts.ts";
import { imageOf, isLive, type TickContext, targetOf } from "./context.ts";
import type { Control } from "./control.ts";
import { isStarted, isWaiting } from "./draft.ts";
import { endDeployment } from "./end-deployment.ts";
import { type Instant, toInstant } from "./identifiers.ts";
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
  const image = imageOf(context, control.image);
  if (image === undefined) {
    draft.note(
      "control-unknown-image",
      null,
      `${control.kind} by ${control.by} names no image of this area: ${control.image}`,
    );
    return;
  }
  const done = perform(context, control, image);
  if (done !== null) {
    draft.note("control-without-effect", control.image, `${control.kind} by ${control.by} changed nothing: ${done}`);
    return;
  }
  draft.note("control-applied", control.image, `${control.kind} by ${control.by}: ${control.reason}`);
}

/** Returns why the control had no effect, or null. */
function perform(context: TickContext, control: Control, image: Image): string | null {
  const { draft } = context;
  const record = draft.image(control.image);
  switch (control.kind) {
    case "hold": {
      const digest = control.digest ?? record.live?.digest ?? null;
      draft.updateImage(control.image, { hold: { digest, request: requestOf(control) } });
      return null;
    }
    case "unhold":
      if (record.hold === null) return "it is not held";
      draft.updateImage(control.image, { hold: null });
      return null;
    case "retry":
      if (record.attempts === null) return "no attempt at its head has ended";
      draft.updateImage(control.image, { attempts: null });
      return null;
    case "unblock":
      if (record.block === null) return "it is not blocked";
      draft.updateImage(control.image, { block: null, attempts: null });
      return null;
    case "cancel":
      return cancel(context, control);
    case "deploy-now":
      return deployNow(context, control, image);
  }
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
