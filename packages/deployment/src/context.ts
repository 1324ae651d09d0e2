import { type AccountMapping, type Area, type Image, onlyArea } from "@windlass/account-mapping";
import { type Draft, openDraft } from "./draft.ts";
import type { ImageDigest, Instant } from "./identifiers.ts";
import type { Ledger } from "./ledger.ts";
import type { Observation } from "./observation.ts";
import { type WindowState, windowAt } from "./window.ts";

/** All that a tick's decisions rest on. */
export interface TickContext {
  readonly now: Date;
  readonly slice: AccountMapping;
  readonly areaName: string;
  readonly area: Area;
  readonly window: WindowState;
  readonly observation: Observation;
  readonly draft: Draft;
}

export function openContext(ledger: Ledger, observation: Observation, slice: AccountMapping, now: Date): TickContext {
  const { name, area } = onlyArea(slice);
  return {
    now,
    slice,
    areaName: name,
    area,
    window: windowAt(area, now),
    observation,
    draft: openDraft(ledger, now),
  };
}

/** What the image should run in this area. */
export interface Target {
  readonly digest: ImageDigest;
  readonly commit: string | null;
  /** When it was pushed; null where that is not known. */
  readonly pushedAt: Instant | null;
}

/** The held digest, or else the head; null where there is nothing to deploy. */
export function targetOf(context: Pick<TickContext, "draft">, image: string): Target | null {
  const { hold, head, live, previous } = context.draft.image(image);
  if (hold === null) return head;
  if (hold.digest === null) return null;
  const known = [head, live, previous].find((candidate) => candidate?.digest === hold.digest);
  const pushedAt = head?.digest === hold.digest ? head.pushedAt : null;
  return { digest: hold.digest, commit: known?.commit ?? hold.commit, pushedAt };
}

/** The target is what is live, and nothing has disturbed it since. */
export function isLive(context: Pick<TickContext, "draft">, image: string, target: Target): boolean {
  const { live, disturbed } = context.draft.image(image);
  return live?.digest === target.digest && disturbed === null;
}

export function imageOf(context: Pick<TickContext, "slice">, name: string): Image | undefined {
  return Object.hasOwn(context.slice.images, name) ? context.slice.images[name] : undefined;
}
